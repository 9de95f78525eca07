import { ConditionalConnection, ConnectionInCase } from './connections-both-ways';
import { conditionText } from '../../findings/condition';
import { Connection } from '../calls/connections';
import { objectText } from '../inventory/object';

/** What differs between the cases of a connection: `if b has sidecars: mode PERMISSIVE; else: mode NO_PROXY`. Empty if nothing does. */
export function casesText(connection: ConditionalConnection): string {
  const { cases = [] } = connection;
  return cases.map((one, index) => {
    const condition = index === cases.length - 1 ? 'else' : conditionText(one.conditions);
    return `${condition}: ${differingText(one, connection) || 'nothing else'}`;
  }).join('; ');
}

/** What a case has that isn't in all cases. */
function differingText({ connection: own }: ConnectionInCase, all: Connection): string {
  const { host, port, subset } = own.service;
  const common = new Set(all.because.map(reasonText));
  return [
    ...isSameService(own, all) ? [] : [`sent to ${host}:${port}${subset === undefined ? '' : ` subset ${subset}`}`],
    ...own.clientTls === all.clientTls ? [] : [`client sends ${own.clientTls}`],
    ...own.serverMode === all.serverMode ? [] : [`mode ${own.serverMode}`],
    ...own.because.map(reasonText).filter((text) => !common.has(text)),
  ].join(', ');
}

function isSameService({ service: own }: Connection, { service }: Connection): boolean {
  return own.namespace === service.namespace && own.name === service.name
    && own.host === service.host && own.port === service.port && own.subset === service.subset;
}

function reasonText(reason: Connection['because'][number]): string {
  return `${objectText(reason)}: ${reason.effect}`;
}
