import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const ONE = '{*}';
const ANY = '{**}';
/** What RFC 3986 lets stand in a path's segment. */
const LITERAL = /^[a-zA-Z0-9-._~%!$&'()+,;:@=]+$/;

/** Objects to a path with braces that aren't the templates `{*}` and `{**}`, or with more after `{**}` that can vary. */
export function judgePathTemplate(at: Objections, path: string): void {
  const wrong = wrongInTemplate(path);
  if (!wrong) return;
  at.error({
    code: 'ADMIT465',
    actual: shown(path),
    expected: wrong,
    because: 'Envoy takes no other template and would reject the listener',
    fix: 'write a path such as \'/api/{*}/info\' or \'/api/{**}\', or a plain one such as \'/api/*\'',
  });
}

function wrongInTemplate(path: string): string | undefined {
  const templated = path.includes(ONE) || path.includes(ANY);
  let any = false;
  for (const segment of path.replace(/^\/+|\/+$/g, '').split('/')) {
    if (segment === ONE || segment === ANY) {
      if (any) return `no further template after '${ANY}'`;
      any = segment === ANY;
    } else if (/[{}]/.test(segment)) {
      return `braces only as whole segments '${ONE}' and '${ANY}'`;
    } else if (templated && !LITERAL.test(segment)) {
      return `beside templates only segments of letters, digits and -._~%!$&'()+,;:@=, not ${shown(segment)}`;
    }
  }
  return undefined;
}
