import { warnOfDeprecatedName } from './deprecated-name';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const CONNECTION_MANAGERS = ['envoy.filters.network.http_connection_manager', 'envoy.http_connection_manager'];

/** Objects to a match by a filter without a name, or by a filter in it where there is none; warns where it has no effect. */
export function judgeFilterMatch(at: Objections, { name = '', subFilter }: any, applyTo: string): void {
  if (['LISTENER', 'FILTER_CHAIN'].includes(applyTo)) warnOfNoEffect(at, applyTo);
  if (name === '') {
    objectToFilter(at.at('name'), 'missing', 'the name of the filter', 'write for example \'envoy.filters.network.http_connection_manager\'');
  } else if (subFilter && applyTo !== 'HTTP_FILTER') {
    objectToFilter(at.at('subFilter'), `set with applyTo '${applyTo}'`, 'it with applyTo HTTP_FILTER only', 'remove subFilter');
  } else if (subFilter && !CONNECTION_MANAGERS.includes(name)) {
    objectToFilter(at.at('name'), `${shown(name)} with a subFilter`, shown(CONNECTION_MANAGERS[0]), 'write that name');
  } else if (subFilter && !subFilter.name) {
    objectToFilter(at.at('subFilter', 'name'), 'missing', 'the name of the HTTP filter', 'write for example \'envoy.filters.http.router\'');
  } else {
    warnOfDeprecatedName(at.at('name'), name);
    if (subFilter) warnOfDeprecatedName(at.at('subFilter', 'name'), subFilter.name);
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
  at.error({ code: 'ADMIT462', actual, expected, because: 'only HTTP connection managers have filters in them, and each is found by its name', fix });
}
