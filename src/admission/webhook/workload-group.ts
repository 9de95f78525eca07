import { Decoded } from './decoded';
import { HTTPHealthCheckConfig, ReadinessProbe, WorkloadGroupSpec } from '../../../imports/specs';
import { Objections } from '../objection';
import { each, FieldJudges, judgeFields } from './values/fields';
import { judgeNonNegative } from './values/numbers';
import { judgePort } from './values/ports';
import { judgeLabels } from './values/selectors';
import { judgeWord, Vocabulary } from './values/words';
import { shown } from '../../findings/safe-text';

/** Rejects what istiod's webhook rejects in a WorkloadGroup; the template is filled in later and not checked. */
export function judgeWorkloadGroup(objections: Objections, { spec }: Decoded<WorkloadGroupSpec>): void {
  const at = objections.at('spec');
  if (spec.template === undefined) objectToMissingTemplate(at.at('template'));
  judgeLabels(at.at('metadata', 'labels'), spec.metadata?.labels);
  judgeProbe(at.at('probe'), spec.probe);
}

function objectToMissingTemplate(at: Objections): void {
  at.error({
    code: 'ADMIT413',
    actual: 'missing',
    expected: 'a template of WorkloadEntries',
    because: 'the workloads of the group get their entries from it',
    fix: 'add template, for example with ports and serviceAccount',
  });
}

const COUNTS: FieldJudges<ReadinessProbe> = {
  periodSeconds: judgeNonNegative,
  initialDelaySeconds: judgeNonNegative,
  timeoutSeconds: judgeNonNegative,
  successThreshold: judgeNonNegative,
  failureThreshold: judgeNonNegative,
};
const SCHEMES: Vocabulary = { words: new Set(['HTTP', 'HTTPS', '']), meaning: '\'HTTP\' or \'HTTPS\'', example: 'HTTP' };

/** Rejects a probe without a method, or with an unsupported one. */
function judgeProbe(at: Objections, probe: ReadinessProbe | undefined): void {
  if (!probe) return;
  judgeFields(at, probe, COUNTS);
  if (probe.httpGet) judgeFields(at.at('httpGet'), probe.httpGet, HTTP_GET);
  else if (probe.tcpSocket) judgePort(at.at('tcpSocket', 'port'), probe.tcpSocket.port);
  else if (probe.exec) judgeCommand(at.at('exec', 'command'), probe.exec.command);
  else objectToMethod(at, probe.grpc === undefined ? 'without a method' : 'by grpc');
}

const HTTP_GET: FieldJudges<HTTPHealthCheckConfig> = {
  port: judgePort,
  scheme: (at, scheme = '') => judgeWord(at, scheme, SCHEMES),
  httpHeaders: each((at, { name = '' }) => judgeHeader(at.at('name'), name)),
};

function judgeHeader(at: Objections, name: string): void {
  if (/^[-A-Za-z0-9]+$/.test(name)) return;
  at.error({
    code: 'ADMIT437',
    actual: shown(name),
    expected: 'a header\'s name of letters, digits and \'-\'',
    because: 'Kubernetes accepts no other in a probe',
    fix: 'write a header such as \'x-probe\'',
  });
}

function judgeCommand(at: Objections, command: readonly string[]): void {
  if (command.length === 0) objectToCommand(at);
}

function objectToCommand(at: Objections): void {
  at.error({
    code: 'ADMIT413',
    actual: 'empty',
    expected: 'the command and its arguments',
    because: 'there is nothing to run',
    fix: 'write the command',
  });
}

function objectToMethod(at: Objections, actual: string): void {
  at.error({
    code: 'ADMIT432',
    actual,
    expected: 'httpGet, tcpSocket or exec',
    because: 'istiod\'s webhook knows no other probe',
    fix: 'add httpGet, tcpSocket or exec, or remove probe',
  });
}
