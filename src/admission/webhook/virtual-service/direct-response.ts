import { judgeHttpStatus } from './http-status';
import { ObjectionText, Objections } from '../objections';

const WARNED_ABOVE = 100 * 1024;
const REFUSED_ABOVE = 1024 * 1024;

/** Objects to an answer of Envoy's own with an impossible status or a body that is too large. */
export function judgeDirectResponse(at: Objections, response: any): void {
  if (!response) return;
  if (response.body) judgeBody(at.at('body'), response.body);
  judgeHttpStatus(at.at('status'), response.status ?? 0);
}

function judgeBody(at: Objections, body: any): void {
  const field = body.bytes === undefined ? 'string' : 'bytes';
  const size = Buffer.byteLength(body[field] ?? '', field === 'bytes' ? 'base64' : 'utf8');
  if (size > REFUSED_ABOVE) at.at(field).error(large(size, '1 MiB'));
  else if (size > WARNED_ABOVE) at.at(field).warning(large(size, '100 KiB'));
}

function large(size: number, limit: string): ObjectionText {
  return {
    code: 'ADMIT443',
    actual: `${size} bytes long`,
    expected: `at most ${limit}`,
    because: 'istiod sends the body to every proxy again and again',
    fix: 'let a service answer, or shorten the body',
  };
}
