import { isHttpUrl } from '../../admission/webhook/values/addresses';
import { Refuse } from '../refuse';

/** Who issues tokens, and how they are checked. */
export interface TokenIssuer {
  /** The issuer, as the tokens have it under `iss`, to the letter: `https://login.example.com/` isn't `https://login.example.com`. */
  readonly issuer: string;

  /**
   * Where the issuer's public keys are, as `https://…`. istiod fetches them, every 20 minutes by default, and hands them to the
   * proxies: it must be able to reach the address.
   *
   * @default - `jwks` has the keys
   */
  readonly jwksUri?: string;

  /**
   * The issuer's public keys, as the text of a JSON Web Key Set. Update it whenever the keys change.
   *
   * @default - they are fetched from `jwksUri`
   */
  readonly jwks?: string;

  /**
   * For whom a token must be issued: one of these must be among its `aud`. Without a word of it, a token that the issuer made for any
   * other application is taken, too.
   *
   * @default - any
   */
  readonly audiences?: string[];

  /**
   * The application gets the token, too. Otherwise the proxy takes it out of the request.
   *
   * @default false
   */
  readonly forwardToken?: boolean;
}

/** A rule of a RequestAuthentication. */
interface JwtRule {
  readonly issuer: string;
  readonly jwksUri?: string;
  readonly jwks?: string;
  readonly audiences?: readonly string[];
  readonly forwardOriginalToken?: true;
}

export function renderIssuers(issuers: readonly TokenIssuer[], refuse: Refuse): readonly JwtRule[] {
  if (!Array.isArray(issuers) || issuers.length === 0) {
    throw refuse({
      code: 'MTLS812',
      field: 'issuers',
      actual: issuers === undefined || issuers === null ? 'missing' : 'empty',
      expected: 'at least one issuer',
      because: 'without one no token is checked',
      fix: 'name the issuer of the tokens',
    });
  }
  const rules = issuers.map((issuer: TokenIssuer, index) => renderIssuer(issuer, `issuers[${index}]`, refuse));
  rules.forEach(({ issuer }, index) => {
    if (rules.findIndex((rule) => rule.issuer === issuer) === index) return;
    throw refuse({
      code: 'MTLS812',
      field: `issuers[${index}].issuer`,
      actual: `'${issuer}', as before`,
      expected: 'each issuer once',
      because: 'its tokens would be checked by two sets of keys',
      fix: 'put all keys into one set',
    });
  });
  return rules;
}

function renderIssuer({ issuer, jwksUri, jwks, audiences, forwardToken }: TokenIssuer, field: string, refuse: Refuse): JwtRule {
  if (typeof issuer !== 'string' || issuer === '' || /[\s*]/.test(issuer)) {
    throw refuse({
      code: 'MTLS812',
      field: `${field}.issuer`,
      actual: typeof issuer === 'string' ? `'${issuer}'` : 'missing',
      expected: "the tokens' 'iss', without wildcards",
      because: 'the policy asks for a token of this very issuer',
      fix: "write it as the tokens have it, such as 'https://login.example.com'",
    });
  }
  checkKeys(jwksUri, jwks, field, refuse);
  if (audiences !== undefined && audiences !== null && (audiences.length === 0 || audiences.some((audience) => typeof audience !== 'string' || audience === ''))) {
    throw refuse({
      code: 'MTLS804',
      field: `${field}.audiences`,
      actual: audiences.length === 0 ? 'empty' : 'with an empty entry',
      expected: 'at least one audience, or nothing at all',
      because: 'Istio takes an empty list for any audience',
      fix: 'leave it out if any is meant',
    });
  }
  return {
    issuer,
    ...jwksUri !== undefined && { jwksUri },
    ...jwks !== undefined && { jwks },
    ...audiences && { audiences: [...audiences] },
    ...forwardToken && { forwardOriginalToken: true },
  };
}

/** The keys are never shown: they may be private. */
function checkKeys(jwksUri: string | undefined, jwks: string | undefined, field: string, refuse: Refuse): void {
  const wrong = (at: string, actual: string, expected: string, because: string, fix: string) =>
    refuse({ code: 'MTLS811', field: `${field}.${at}`, actual, expected, because, fix });
  if ((jwksUri === undefined) === (jwks === undefined)) {
    throw wrong('jwksUri', jwks === undefined ? "missing, and so is 'jwks'" : "given together with 'jwks'", 'exactly one of the two',
      'a token is checked by one set of keys', jwks === undefined ? "pass 'jwksUri'" : 'keep one of them');
  }
  if (jwksUri !== undefined && (typeof jwksUri !== 'string' || !isHttpUrl(jwksUri))) {
    throw wrong('jwksUri', 'no URL', 'a URL with scheme https or http', 'the keys are fetched from there', "write a URL such as 'https://login.example.com/keys'");
  }
  if (jwks === undefined) return;
  const { wrong: unreadable, privateKeys } = keySets().readKeySet(String(jwks));
  if (unreadable) throw wrong('jwks', 'no JSON Web Key Set', unreadable, 'without readable keys every token is refused', 'pass the whole answer of the issuer, or its address as jwksUri');
  if (privateKeys.length > 0) {
    throw wrong('jwks', `a set whose key ${privateKeys[0]} is private or symmetric`, 'public keys only',
      'whoever can read the object could issue tokens', 'leave only the public members (for RSA: kty, kid, n, e), and replace the key, which is known now');
  }
}

/** Loaded with the first key set: whoever imports the library only to find a construct doesn't wait for it. */
function keySets(): typeof import('../../admission/webhook/values/jwks') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('../../admission/webhook/values/jwks') as typeof import('../../admission/webhook/values/jwks');
}
