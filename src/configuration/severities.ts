import { Fault, Faults, Fields } from './settings-file';
import { Finding, SEVERITIES, Severity } from '../findings/finding';
import { nearest } from '../findings/nearest';
import { shown } from '../findings/safe-text';

/** What a code's findings count as; `off`: they aren't reported. */
export type Grade = Severity | 'off';

/** By code. */
export type Severities = ReadonlyMap<string, Grade>;

const GRADES: readonly Grade[] = [...SEVERITIES, 'off'];

/** Reads `severities`, whose keys are codes. */
export function readSeverities(fields: Fields | undefined, faults: Faults): Severities {
  const read = new Map<string, Grade>();
  if (!fields) return read;
  const codes = configurableCodes();
  for (const code of fields.names) {
    // YAML 1.1, which Kubernetes reads, takes a bare `off` for false.
    const grade = fields.value(code) === false ? 'off' : fields.value(code);
    const fault = codeFault(code, codes) ?? gradeFault(code, grade);
    if (fault) faults.fault([...fields.path, code], fault);
    else read.set(code, grade as Grade);
  }
  return read;
}

/** Findings with the severities that somebody set; those that are off are only counted. */
export function graded<F extends Finding>(findings: readonly F[], severities: Severities): { readonly findings: readonly F[]; readonly off: number } {
  if (severities.size === 0) return { findings, off: 0 };
  const kept = findings.flatMap((finding) => {
    const grade = gradeOf(finding, severities);
    if (grade === 'off') return [];
    return [grade === finding.severity ? finding : { ...finding, severity: grade }];
  });
  return { findings: kept, off: findings.length - kept.length };
}

/** A refusal stays one: the API server asks nobody. */
function gradeOf({ code, severity }: Finding, severities: Severities): Grade {
  return isAdmission(code) && severity === 'error' ? severity : severities.get(code) ?? severity;
}

function isAdmission(code: string): boolean {
  return code.startsWith('ADMIT');
}

/** Loaded when there is something to hold against them: few files have severities. */
function configurableCodes(): readonly string[] {
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { CATALOGUE } = require('../analysis/analysis') as typeof import('../analysis/analysis');
  const { ADMISSION_CODES } = require('../admission/catalogue') as typeof import('../admission/catalogue');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return [...CATALOGUE, ...ADMISSION_CODES.filter(({ severity }) => severity !== 'error')].map(({ code }) => code);
}

function codeFault(code: string, codes: readonly string[]): Fault | undefined {
  if (codes.includes(code)) return undefined;
  if (/^ADMIT\d{3}$/.test(code)) {
    return {
      code: 'MTLS093', actual: 'a severity for what an API server refuses', expected: 'the code of a warning, or of a rule', because: 'a rejected object never reaches the mesh, so its finding can\'t be accepted', fix: 'mend the objects, or put what there is into a baseline',
    };
  }
  const meant = nearest(code, codes);
  return { code: 'MTLS093', actual: 'no code of a finding', expected: 'a code that istio-mtls rules lists', fix: meant ? `write ${meant}` : 'look at the list' };
}

function gradeFault(code: string, grade: unknown): Fault | undefined {
  const grades = isAdmission(code) ? GRADES.filter((word) => word !== 'error') : GRADES;
  if (grades.includes(grade as Grade)) return undefined;
  const meant = typeof grade === 'string' ? nearest(grade, grades) : undefined;
  const because = isAdmission(code) && grade === 'error' ? 'an error of admission is a refusal, and the API server lets this in' : undefined;
  const fix = because ? 'write warning, and let warnings fail by failOn' : `write ${meant ?? 'one of them'}`;
  return { code: 'MTLS092', actual: shown(grade), expected: `one of ${grades.join(', ')}`, because, fix };
}
