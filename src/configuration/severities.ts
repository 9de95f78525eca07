import { SettingsFault, Faults, SettingsFields } from './settings-file';
import { Finding, SEVERITIES, Severity } from '../findings/finding';
import { nearest } from '../findings/nearest';
import { shown } from '../findings/safe-text';
import { late } from '../modules/late';

/** The severity of a code's findings; `off`: they aren't reported. */
type Grade = Severity | 'off';

/** By code. */
export type Severities = ReadonlyMap<string, Grade>;

const GRADES: readonly Grade[] = [...SEVERITIES, 'off'];

/** Reads `severities`, whose keys are codes. */
export function readSeverities(fields: SettingsFields | undefined, faults: Faults): Severities {
  const read = new Map<string, Grade>();
  if (!fields) return read;
  const codes = configurableCodes();
  for (const code of fields.names) {
    // YAML 1.1, which Kubernetes reads, parses an unquoted `off` as false.
    const grade = fields.value(code) === false ? 'off' : fields.value(code);
    const fault = codeFault(code, codes) ?? gradeFault(code, grade);
    if (fault) faults.fault([...fields.path, code], fault);
    else read.set(code, grade as Grade);
  }
  return read;
}

/** Findings with the configured severities; those that are off, or less severe than before, are counted. */
export function graded<F extends Finding>(
  findings: readonly F[], severities: Severities,
): { readonly findings: readonly F[]; readonly off: number; readonly lowered: number } {
  if (severities.size === 0) return { findings, off: 0, lowered: 0 };
  let lowered = 0;
  const kept = findings.flatMap((finding) => {
    const grade = gradeOf(finding, severities);
    if (grade === 'off') return [];
    if (SEVERITIES.indexOf(grade) > SEVERITIES.indexOf(finding.severity)) lowered++;
    return [grade === finding.severity ? finding : { ...finding, severity: grade }];
  });
  return { findings: kept, off: findings.length - kept.length, lowered };
}

/** Rejections stay errors, because no setting makes an API server accept an object. */
function gradeOf({ code, severity }: Finding, severities: Severities): Grade {
  return isAdmission(code) && severity === 'error' ? severity : severities.get(code) ?? severity;
}

function isAdmission(code: string): boolean {
  return code.startsWith('ADMIT');
}

/** Loaded on demand, because few files have severities. */
function configurableCodes(): readonly string[] {
  const { CATALOGUE } = late<typeof import('../analysis/analysis')>(() => require('../analysis/analysis'));
  const { ADMISSION_CODES } = late<typeof import('../admission/catalogue')>(() => require('../admission/catalogue'));
  return [...CATALOGUE, ...ADMISSION_CODES.filter(({ severity }) => severity !== 'error')].map(({ code }) => code);
}

function codeFault(code: string, codes: readonly string[]): SettingsFault | undefined {
  if (codes.includes(code)) return undefined;
  if (/^ADMIT\d{3}$/.test(code)) {
    return {
      code: 'API093',
      actual: 'a severity for what an API server rejects',
      expected: 'the code of a warning or of a rule',
      because: 'a rejected object never reaches the mesh, whatever severity it has here',
      fix: 'correct the objects, or add their findings to a baseline',
    };
  }
  const meant = nearest(code, codes);
  return {
    code: 'API093',
    actual: 'not the code of a finding',
    expected: 'a code that istio-mtls rules lists',
    fix: meant ? `write ${meant}` : 'use one of these',
  };
}

function gradeFault(code: string, grade: unknown): SettingsFault | undefined {
  const grades = isAdmission(code) ? GRADES.filter((word) => word !== 'error') : GRADES;
  if (grades.includes(grade as Grade)) return undefined;
  const meant = typeof grade === 'string' ? nearest(grade, grades) : undefined;
  const because =
    isAdmission(code) && grade === 'error' ? 'an error means that the API server rejects the object, but it accepts this one' : undefined;
  const fix = because ? 'write warning, and add warning to failOn' : `write ${meant ?? 'one of them'}`;
  return { code: 'API092', actual: shown(grade), expected: `one of ${grades.join(', ')}`, because, fix };
}
