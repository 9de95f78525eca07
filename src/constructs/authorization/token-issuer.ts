import { isHttpUrl } from '../../admission/webhook/values/addresses';
import { late } from '../../modules/late';
import { Refuse } from '../refuse';

/** An issuer of tokens, and how its tokens are validated. */
export interface TokenIssuer {
  /** The issuer, exactly as in the tokens' `iss` claim: `https://login.example.com/` isn't `https://login.example.com`. */
  readonly issuer: string;

  /**
   * The URL of the issuer's public keys, such as `https://…`. istiod fetches the keys, every 20 minutes by default, and sends
   * them to the proxies, so it must be able to reach the URL.
   *
   * @default - the keys are in `jwks`
   */
  readonly jwksUri?: string;

  /**
   * The issuer's public keys, as the text of a JSON Web Key Set. Update it whenever the keys change.
   *
   * @default - the keys are fetched from `jwksUri`
   */
  readonly jwks?: string;

  /**
   * The audiences to accept: one of them must be in the token's `aud` claim. Without audiences, tokens that the issuer issued for
   * other applications are accepted too. At least one.
   *
   * @default - any audience
   */
  readonly audiences?: string[];

  /**
   * Whether the proxy forwards the token to the application. If not, it removes the token from the request.
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
      code: 'API812',
      field: 'issuers',
      actual: issuers === undefined || issuers === null ? 'missing' : 'empty',
      expected: 'at least one issuer',
      because: 'without an issuer, no token is validated',
      fix: 'pass the issuer of the tokens',
    });
  }
  const rules = issuers.map((issuer: TokenIssuer, index) => renderIssuer(issuer, `issuers[${index}]`, refuse));
  rules.forEach(({ issuer }, index) => {
    if (rules.findIndex((rule) => rule.issuer === issuer) === index) return;
    throw refuse({
      code: 'API812',
      field: `issuers[${index}].issuer`,
      actual: `'${issuer}' again`,
      expected: 'each issuer once',
      because: 'its tokens would be validated with two sets of keys',
      fix: 'put all keys into one set',
    });
  });
  return rules;
}

function renderIssuer({ issuer, jwksUri, jwks, audiences, forwardToken }: TokenIssuer, field: string, refuse: Refuse): JwtRule {
  if (typeof issuer !== 'string' || issuer === '' || /[\s*]/.test(issuer)) {
    throw refuse({
      code: 'API812',
      field: `${field}.issuer`,
      actual: typeof issuer === 'string' ? `'${issuer}'` : 'missing',
      expected: "the 'iss' claim of the tokens, without wildcards",
      because: 'the policy requires a token of exactly this issuer',
      fix: "copy it from the tokens, such as 'https://login.example.com'",
    });
  }
  checkKeys(jwksUri, jwks, field, refuse);
  if (audiences !== undefined && audiences !== null
    && (audiences.length === 0 || audiences.some((audience) => typeof audience !== 'string' || audience === ''))) {
    throw refuse({
      code: 'API804',
      field: `${field}.audiences`,
      actual: audiences.length === 0 ? 'empty' : 'with an empty entry',
      expected: 'at least one audience, or no list',
      because: 'Istio reads an empty list as any audience',
      fix: 'remove the list to accept any audience',
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

/** Never shows the keys, which may be private. */
function checkKeys(jwksUri: string | undefined, jwks: string | undefined, field: string, refuse: Refuse): void {
  const wrong = (at: string, actual: string, expected: string, because: string, fix: string) =>
    refuse({ code: 'API811', field: `${field}.${at}`, actual, expected, because, fix });
  if ((jwksUri === undefined) === (jwks === undefined)) {
    throw wrong('jwksUri', jwks === undefined ? "missing, and so is 'jwks'" : "given together with 'jwks'", 'exactly one of the two',
      'a token is validated with one set of keys', jwks === undefined ? "pass 'jwksUri'" : 'keep one of them');
  }
  if (jwksUri !== undefined && (typeof jwksUri !== 'string' || !isHttpUrl(jwksUri))) {
    throw wrong('jwksUri', 'not a URL', 'a URL with scheme https or http', 'istiod fetches the keys from it',
      "pass a URL such as 'https://login.example.com/keys'");
  }
  if (jwks === undefined) return;
  const { wrong: unreadable, privateKeys } = keySets().readKeySet(String(jwks));
  if (unreadable) {
    throw wrong('jwks', 'not a JSON Web Key Set', unreadable, 'without readable keys, every token is rejected',
      "pass the issuer's whole key set, or its URL as jwksUri");
  }
  if (privateKeys.length > 0) {
    throw wrong('jwks', `a set whose key ${privateKeys[0]} is private or symmetric`, 'public keys only',
      'anyone who can read the object could issue tokens',
      'keep only the public members (for RSA: kty, kid, n, e), and replace the key, because it is exposed');
  }
}

/** Loaded with the first key set, so that importing the library stays fast. */
function keySets(): typeof import('../../admission/webhook/values/jwks') {
  return late<typeof import('../../admission/webhook/values/jwks')>(() => require('../../admission/webhook/values/jwks'));
}
