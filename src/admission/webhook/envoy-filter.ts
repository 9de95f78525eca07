import { Decoded } from './decoded';
import { EnvoyConfigObjectMatch, EnvoyConfigObjectPatch, EnvoyFilterSpec, FilterMatch } from '../../../imports/specs';
import { Objections } from '../objection';
import { re2Fault } from './values/regex';
import { judgeSelectorLabels } from './values/selectors';
import { shown } from '../../findings/safe-text';

/** Rejects what istiod rejects in an EnvoyFilter, except patch values: only Envoy's own schemas can judge those. */
export function judgeEnvoyFilter(objections: Objections, { spec }: Decoded<EnvoyFilterSpec>): void {
  const at = objections.at('spec');
  tellOfInternals(at);
  const { workloadSelector, configPatches = [] } = spec;
  if (workloadSelector) judgeSelectorLabels(at.at('workloadSelector', 'labels'), workloadSelector.labels, 'all workloads of its namespace');
  configPatches.forEach((patch, index) => judgePatch(at.at('configPatches', index), patch));
}

function tellOfInternals(at: Objections): void {
  at.info({
    code: 'ADMIT478',
    actual: 'a patch of the proxy\'s configuration',
    expected: 'Istio\'s other kinds, as far as they can do the same',
    because: 'the patched configuration may change with every version of Istio',
    fix: 'use another kind if possible, and check the patch at each upgrade',
  });
}

const LONGEST_VERSION = 1024;
const MATCHES = ['listener', 'routeConfiguration', 'cluster'] as const;
/** The objects that each class of `applyTo` is matched by. */
const MATCH_OF: { readonly [applyTo: string]: typeof MATCHES[number] } = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
};

/** Rejects a patch with missing or mismatched parts; skips patches for waypoints. */
function judgePatch(at: Objections, { applyTo = 'INVALID', match = {}, patch }: EnvoyConfigObjectPatch): void {
  if (match.context === 'WAYPOINT') return;
  if (applyTo === 'INVALID') {
    objectToPatch(at.at('applyTo'), 'missing', 'what the patch applies to', 'write for example HTTP_FILTER or CLUSTER');
  } else if (!patch || (patch.operation ?? 'INVALID') === 'INVALID') {
    objectToPatch(at.at('patch', 'operation'), 'missing', 'what the patch does', 'write for example MERGE or INSERT_BEFORE');
  } else if (patch.operation !== 'REMOVE' && !patch.value) {
    objectToPatch(at.at('patch', 'value'), `missing with operation '${patch.operation}'`, 'the configuration to patch in',
      'write the value, or operation: REMOVE');
  } else if (judgeVersion(at.at('match', 'proxy', 'proxyVersion'), match.proxy?.proxyVersion ?? '')) {
    judgeMatch(at.at('match'), applyTo, match);
  }
}

/** Whether the pattern compiles; an overlong one is ignored. */
function judgeVersion(at: Objections, version: string): boolean {
  if (Buffer.byteLength(version) > LONGEST_VERSION) {
    at.warning({
      code: 'ADMIT478',
      actual: `a pattern of ${Buffer.byteLength(version)} bytes`,
      expected: `at most ${LONGEST_VERSION}`,
      because: 'a longer pattern is ignored',
      fix: 'write a shorter one such as \'^1\\.30.*\'',
    });
    return true;
  }
  const fault = re2Fault(version);
  if (fault !== undefined) objectToPatch(at, shown(version), 'a regular expression in RE2\'s syntax', 'write, for example, \'^1\\.30.*\'');
  return fault === undefined;
}

function judgeMatch(at: Objections, applyTo: string, match: EnvoyConfigObjectMatch): void {
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

const CONNECTION_MANAGERS = ['envoy.filters.network.http_connection_manager', 'envoy.http_connection_manager'];

/** Rejects a filter match without a name, or a subfilter where there can be none; warns of a match without effect. */
function judgeFilterMatch(at: Objections, { name = '', subFilter }: FilterMatch, applyTo: string): void {
  if (['LISTENER', 'FILTER_CHAIN'].includes(applyTo)) warnOfNoEffect(at, applyTo);
  if (name === '') {
    objectToFilter(at.at('name'), 'missing', 'the name of the filter',
      'write, for example, \'envoy.filters.network.http_connection_manager\'');
  } else if (subFilter && applyTo !== 'HTTP_FILTER') {
    objectToFilter(at.at('subFilter'), `set with applyTo '${applyTo}'`, 'it with applyTo HTTP_FILTER only', 'remove subFilter');
  } else if (subFilter && !CONNECTION_MANAGERS.includes(name)) {
    objectToFilter(at.at('name'), `${shown(name)} with a subFilter`, shown(CONNECTION_MANAGERS[0]), 'write that name');
  } else if (subFilter && !subFilter.name) {
    objectToFilter(at.at('subFilter', 'name'), 'missing', 'the name of the HTTP filter',
      'write, for example, \'envoy.filters.http.router\'');
  } else {
    warnOfDeprecatedName(at.at('name'), name);
    if (subFilter?.name) warnOfDeprecatedName(at.at('subFilter', 'name'), subFilter.name);
  }
}

function warnOfNoEffect(at: Objections, applyTo: string): void {
  at.warning({
    code: 'ADMIT478',
    actual: `set with applyTo '${applyTo}'`,
    expected: 'no match by filter there',
    because: 'it has no effect on a whole listener or filter chain',
    fix: 'remove filter, or write applyTo: NETWORK_FILTER',
  });
}

function objectToFilter(at: Objections, actual: string, expected: string, fix: string): void {
  at.error({
    code: 'ADMIT462', actual, expected, because: 'only HTTP connection managers have filters in them, and each is found by its name', fix,
  });
}

/** Envoy's former names of filters. */
const RENAMED: { readonly [name: string]: string } = {
  'envoy.buffer': 'envoy.filters.http.buffer',
  'envoy.cors': 'envoy.filters.http.cors',
  'envoy.csrf': 'envoy.filters.http.csrf',
  'envoy.http_dynamo_filter': 'envoy.filters.http.dynamo',
  'envoy.ext_authz': 'envoy.filters.http.ext_authz',
  'envoy.fault': 'envoy.filters.http.fault',
  'envoy.grpc_http1_bridge': 'envoy.filters.http.grpc_http1_bridge',
  'envoy.grpc_json_transcoder': 'envoy.filters.http.grpc_json_transcoder',
  'envoy.grpc_web': 'envoy.filters.http.grpc_web',
  'envoy.gzip': 'envoy.filters.http.gzip',
  'envoy.health_check': 'envoy.filters.http.health_check',
  'envoy.ip_tagging': 'envoy.filters.http.ip_tagging',
  'envoy.lua': 'envoy.filters.http.lua',
  'envoy.rate_limit': 'envoy.filters.http.ratelimit',
  'envoy.router': 'envoy.filters.http.router',
  'envoy.squash': 'envoy.filters.http.squash',
  'envoy.listener.http_inspector': 'envoy.filters.listener.http_inspector',
  'envoy.listener.original_dst': 'envoy.filters.listener.original_dst',
  'envoy.listener.original_src': 'envoy.filters.listener.original_src',
  'envoy.listener.proxy_protocol': 'envoy.filters.listener.proxy_protocol',
  'envoy.listener.tls_inspector': 'envoy.filters.listener.tls_inspector',
  'envoy.client_ssl_auth': 'envoy.filters.network.client_ssl_auth',
  'envoy.http_connection_manager': 'envoy.filters.network.http_connection_manager',
  'envoy.mongo_proxy': 'envoy.filters.network.mongo_proxy',
  'envoy.ratelimit': 'envoy.filters.network.ratelimit',
  'envoy.redis_proxy': 'envoy.filters.network.redis_proxy',
  'envoy.tcp_proxy': 'envoy.filters.network.tcp_proxy',
};

/** Warns of a filter under its former name. */
function warnOfDeprecatedName(at: Objections, name: string): void {
  if (!Object.hasOwn(RENAMED, name)) return;
  at.warning({
    code: 'ADMIT478',
    actual: shown(name),
    expected: 'the current name of the filter',
    because: 'the old name is deprecated',
    fix: `write '${RENAMED[name]}'`,
  });
}
