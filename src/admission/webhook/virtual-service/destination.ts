import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeWildcardHost } from '../values/host';
import { judgePort } from '../values/port';
import { judgeSubsetName } from '../values/subset';

/** Objects to a destination that can't be one; nothing for a missing one. */
export function judgeDestination(at: Objections, destination: any): void {
  if (!destination) return;
  if (destination.host === '*') objectToAnyHost(at.at('host'));
  else judgeWildcardHost(at.at('host'), destination.host ?? '');
  if (destination.subset) judgeSubsetName(at.at('subset'), destination.subset);
  if (destination.port) judgePort(at.at('port', 'number'), destination.port.number);
}

/** Objects to weights that are negative or all 0; added up in 32 bits, as istiod does. */
export function judgeWeights(at: Objections, routes: readonly any[]): void {
  let total = 0;
  routes.forEach((route, index) => {
    const weight = route.weight ?? 0;
    if (weight < 0) objectToWeight(at.at(index, 'weight'), shown(weight), 'a weight that isn\'t negative');
    total = Number(BigInt.asIntN(32, BigInt(total + weight)));
  });
  if (routes.length > 1 && total === 0) objectToWeight(at, 'of total weight 0', 'at least one destination with a weight');
}

function objectToAnyHost(at: Objections): void {
  at.error({
    code: 'ADMIT401',
    actual: '\'*\'',
    expected: 'the host of one service',
    because: 'requests must go somewhere',
    fix: 'name the service that the requests are for',
  });
}

function objectToWeight(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT445',
    actual,
    expected,
    because: 'a weight is the share of the requests',
    fix: 'write shares that add up to 100',
  });
}
