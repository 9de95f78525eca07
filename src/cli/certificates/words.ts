import { daysLeft, InspectionFinding } from './inspection';
import { Certificate } from '../../certificates/certificate';

/** `CA, path length 0; certificate sign`. */
export function kindText({ isCa, pathLength, keyUsages }: Certificate): string {
  return `${isCa ? `CA${pathLength === undefined ? '' : `, path length ${pathLength}`}` : 'no CA'}${keyUsages ? `; ${keyUsages.join(', ')}` : ''}`;
}

const HOUR = 3_600_000;

/** `87 days left`. */
export function leftText(certificate: Certificate, now: Date): string {
  if (now > certificate.notAfter) return 'ended';
  if (now < certificate.notBefore) return 'not yet begun';
  const days = daysLeft(certificate, now);
  if (days >= 3) return `${days} days left`;
  const hours = (certificate.notAfter.getTime() - now.getTime()) / HOUR;
  return `${Math.floor(hours)} h ${Math.floor((hours % 1) * 60)} min left`;
}

/** A finding in a sentence. */
export function sentence({ text, actual, expected, because, fix }: InspectionFinding): string {
  return `${text === '' ? 'it' : text} is ${actual}; expected ${expected}, because ${because}. Fix: ${fix}.`;
}
