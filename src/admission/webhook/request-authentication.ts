import { Decoded } from './decoded';
import { ClaimToHeader, JWTRule, RequestAuthenticationSpec } from '../../../imports/specs';
import { Objections } from '../objection';
import { isHttpUrl } from './values/addresses';
import { judgeDuration } from './values/durations';
import { each, FieldJudges, judgeFields } from './values/fields';
import { isStrictHeaderName } from './values/headers';
import { readKeySet } from './values/jwks';
import { judgeTargetRefs, judgeWorkloadSelector } from './values/selectors';
import { shown } from '../../findings/safe-text';

/** Rejects what istiod rejects in a RequestAuthentication. */
export function judgeRequestAuthentication(objections: Objections, { spec }: Decoded<RequestAuthenticationSpec>): void {
  const at = objections.at('spec');
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  spec.jwtRules?.forEach((rule, index) => judgeJwtRule(at.at('jwtRules', index), rule));
}

const JWT_RULE: FieldJudges<JWTRule> = {
  audiences: each(judgeText),
  fromParams: each(judgeText),
  fromCookies: each(judgeText),
  fromHeaders: each((at, { name }) => judgeText(at.at('name'), name)),
  outputClaimToHeaders: each(judgeOutput),
  timeout: judgeDuration,
};

/** Rejects a rule without an issuer, or with invalid keys or token locations. */
function judgeJwtRule(at: Objections, rule: JWTRule): void {
  const urlField = rule.jwks_uri === undefined ? 'jwksUri' : 'jwks_uri';
  const url = rule[urlField];
  judgeIssuer(at, rule.issuer, url);
  if (url) judgeJwksUri(at.at(urlField), url);
  if (rule.jwks) judgeJwks(at.at('jwks'), rule.jwks);
  judgeFields(at, rule, JWT_RULE);
}

function judgeIssuer(at: Objections, issuer: string | undefined, url: string | undefined): void {
  if (issuer || url) return;
  at.at('issuer').error({
    code: 'ADMIT469',
    actual: issuer === '' ? 'empty' : 'missing',
    expected: 'an issuer or a jwksUri',
    because: 'without them, istiod knows neither whose tokens to accept nor where their keys are',
    fix: 'write the value of \'iss\' in the tokens',
  });
}

function judgeJwksUri(at: Objections, url: string): void {
  if (isHttpUrl(url)) return;
  at.error({
    code: 'ADMIT470',
    actual: shown(url),
    expected: 'a URL with scheme http or https',
    because: 'the keys are fetched from there',
    fix: 'write a URL such as \'https://example.com/.well-known/jwks.json\'',
  });
}

/** Never shows the keys themselves: they may be private. */
function judgeJwks(at: Objections, jwks: string): void {
  const { wrong, privateKeys } = readKeySet(jwks);
  if (wrong) {
    at.error({
      code: 'ADMIT471',
      actual: `a text of ${jwks.length} characters that isn't a JSON Web Key Set`,
      expected: wrong,
      because: 'without readable keys no token can be verified',
      fix: 'copy the whole response of the issuer\'s jwks_uri, or use jwksUri instead',
    });
  }
  privateKeys.forEach((index) => at.warning({
    code: 'ADMIT472',
    actual: `a set whose key ${index} is private or symmetric`,
    expected: 'public keys only',
    because: 'tokens are verified with the public key, and everyone who can read the object gets the private one',
    fix: 'keep only the public members of the key (for RSA: kty, kid, n, e), and replace the key, which is now exposed',
  }));
}

function judgeText(at: Objections, text: string | undefined): void {
  if (text) return;
  at.error({
    code: 'ADMIT473',
    actual: text === '' ? 'empty' : 'missing',
    expected: 'a name',
    because: 'no token can be found or compared by an empty name',
    fix: 'write the name or remove the entry',
  });
}

function judgeOutput(at: Objections, { header, claim }: ClaimToHeader): void {
  judgeText(at.at('header'), header);
  judgeText(at.at('claim'), claim);
  if (!header || isStrictHeaderName(header)) return;
  at.at('header').error({
    code: 'ADMIT474',
    actual: shown(header),
    expected: 'a header of letters, digits, \'-\' and \'_\'',
    because: 'the proxy writes the claim under that name',
    fix: 'write a name such as \'x-jwt-sub\'',
  });
}
