import { Decoded } from './decoded';
import { HTTPHealthCheckConfig, ReadinessProbe, WorkloadGroupSpec } from '../../../imports/specs';
import { Objections } from '../objection';
import { judgeNonNegative } from './values/numbers';
import { judgePort } from './values/ports';
import { judgeLabels } from './values/selectors';
import { judgeWord, Vocabulary } from './values/words';
import { shown } from '../../findings/safe-text';

/** Objects to what istiod's webhook refuses of a WorkloadGroup; the template is filled in later and not looked at. */
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

const COUNTS = ['periodSeconds', 'initialDelaySeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold'] as const;
const SCHEMES: Vocabulary = { words: new Set(['HTTP', 'HTTPS', '']), meaning: '\'HTTP\' or \'HTTPS\'', example: 'HTTP' };

/** Objects to a probe that doesn't say how, or can't probe that way. */
function judgeProbe(at: Objections, probe: ReadinessProbe | undefined): void {
  if (!probe) return;
  for (const count of COUNTS) judgeNonNegative(at.at(count), probe[count]);
  if (probe.httpGet) judgeHttpGet(at.at('httpGet'), probe.httpGet);
  else if (probe.tcpSocket) judgePort(at.at('tcpSocket', 'port'), probe.tcpSocket.port);
  else if (probe.exec) judgeCommand(at.at('exec', 'command'), probe.exec.command);
  else objectToMethod(at, probe.grpc === undefined ? 'without a method' : 'by grpc');
}

function judgeHttpGet(at: Objections, get: HTTPHealthCheckConfig): void {
  judgePort(at.at('port'), get.port);
  judgeWord(at.at('scheme'), get.scheme ?? '', SCHEMES);
  get.httpHeaders?.forEach(({ name = '' }, index) => judgeHeader(at.at('httpHeaders', index, 'name'), name));
}

function judgeHeader(at: Objections, name: string): void {
  if (/^[-A-Za-z0-9]+$/.test(name)) return;
  at.error({
    code: 'ADMIT437',
    actual: shown(name),
    expected: 'a header\'s name of letters, digits and \'-\'',
    because: 'Kubernetes takes no other in a probe',
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
