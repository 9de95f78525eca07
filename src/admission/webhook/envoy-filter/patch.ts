import { judgeFilterMatch } from './filter-match';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { re2Fault } from '../values/re2';

const LONGEST_VERSION = 1024;
const MATCHES = ['listener', 'routeConfiguration', 'cluster'];
/** Which objects each class of `applyTo` is matched by. */
const MATCH_OF: { readonly [applyTo: string]: string } = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
};

/** Objects to a patch that lacks a part, or whose parts don't fit; one for a waypoint isn't looked into. */
export function judgePatch(at: Objections, { applyTo = 'INVALID', match = {}, patch }: any): void {
  if (match.context === 'WAYPOINT') return;
  if (applyTo === 'INVALID') {
    objectToPatch(at.at('applyTo'), 'missing', 'what the patch applies to', 'write for example HTTP_FILTER or CLUSTER');
  } else if ((patch?.operation ?? 'INVALID') === 'INVALID') {
    objectToPatch(at.at('patch', 'operation'), 'missing', 'what the patch does', 'write for example MERGE or INSERT_BEFORE');
  } else if (patch.operation !== 'REMOVE' && !patch.value) {
    objectToPatch(at.at('patch', 'value'), `missing with operation '${patch.operation}'`, 'the configuration to patch in', 'write the value, or operation: REMOVE');
  } else if (judgeVersion(at.at('match', 'proxy', 'proxyVersion'), match.proxy?.proxyVersion ?? '')) {
    judgeMatch(at.at('match'), applyTo, match);
  }
}

/** Whether the pattern can be compiled; one that is too long is ignored. */
function judgeVersion(at: Objections, version: string): boolean {
  if (Buffer.byteLength(version) > LONGEST_VERSION) {
    at.warning({
      code: 'ADMIT478',
      actual: `a pattern of ${Buffer.byteLength(version)} bytes`,
      expected: `at most ${LONGEST_VERSION}`,
      because: 'a longer pattern is ignored',
      fix: 'write a short one such as \'^1\\.30.*\'',
    });
    return true;
  }
  const fault = re2Fault(version);
  if (fault !== undefined) objectToPatch(at, shown(version), 'a regular expression in RE2\'s syntax', 'write for example \'^1\\.30.*\'');
  return fault === undefined;
}

function judgeMatch(at: Objections, applyTo: string, match: any): void {
  const wanted = MATCH_OF[applyTo];
  const found = MATCHES.find((type) => match[type]);
  if (!wanted || !found) return;
  if (found !== wanted) {
    objectToPatch(at.at(found), `set with applyTo '${applyTo}'`, `'${wanted}' under match`, `match by '${wanted}', or change applyTo`);
  } else if (match.listener?.filterChain?.filter) {
    judgeFilterMatch(at.at('listener', 'filterChain', 'filter'), match.listener.filterChain.filter, applyTo);
  }
}

function objectToPatch(at: Objections, actual: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT462', actual, expected, because: 'istiod can\'t apply the patch otherwise', fix });
}
