import { Objections } from '../../../../src/admission/objection';
import { isClaimHeader, judgeCorsHeader, judgeHeaderValue, judgeMatchedHeader } from '../../../../src/admission/webhook/values/headers';

const refuses = (judge: (at: Objections, text: string) => void, text: string) => {
  const objections = new Objections(['h']);
  judge(objections, text);
  return objections.refused;
};

test.each(['', 'a', '100%%', '%HOSTNAME%', 'a %START_TIME% b', '%REQ(:path)%', '%A( b)%', '%A(["a"])%', '%A([ "a" , "b" ] ) %', '%A(["\\""])%', '%A(x\\)y)%', 'a\tb', '%a(b)%%%c', 'é', '%%%A%'])(
  'accepts the header value \'%s\'', (value) => {
    expect(refuses(judgeHeaderValue, value)).toBe(false);
  });

test.each(['%', 'a%b', '%%%', '%A%%', '%A(', '%A(b)', '%A(b)c%', '%A([b])%', '%A(["a"', '%A(["a"b])%', '%A(["a"]b)%', '%A(["a")%', '%A(\\', 'a\nb', 'a\u0000b', 'a\u007fb'])(
  'rejects the header value \'%s\'', (value) => {
    expect(refuses(judgeHeaderValue, value)).toBe(true);
  });

test.each([['x-a', false], ['!#$%&\'*+-.^_`|~', false], ['a,b', false], [':path', true], ['', true], ['a b', true], ['a:b', true], ['é', true], ['@request.auth.claims.a', true]])(
  'checks the CORS header name %s', (name, refused) => {
    expect(refuses(judgeCorsHeader, name)).toBe(refused);
  });

test.each([[':path', false], [':foo', true], ['@request.auth.claims.a', false], ['@request.auth.claims', true], ['', true], ['a b', true]])('checks the matched header name %s', (name, refused) => {
  expect(refuses(judgeMatchedHeader, name)).toBe(refused);
});

test.each([
  ['@request.auth.claims.a', true], ['@REQUEST.AUTH.CLAIMS.a', true], ['@request.auth.claims[a]', true], ['@request.auth.claims[a][b]', true],
  ['@request.auth.claims', false], ['@request.auth.claims.', false], ['@request.auth.claims[]', false], ['@request.auth.claims[a', false], ['x@request.auth.claims.a', false],
])('isClaimHeader of %s: %p', (name, claim) => {
  expect(isClaimHeader(name)).toBe(claim);
});
