import { isUint } from './go-words';
import { isCidr } from '../../webhook/values/integer-text';

/** 0 to 65535; space around it is fine. */
export function isPort(text: string): boolean {
  return isUint(text.trim(), 65535);
}

/** Ports with commas between; empty is the empty list. */
export function isPortList(text: string): boolean {
  return text.trim() === '' || text.split(',').every(isPort);
}

/** As above, and ranges such as `8000:8080`, which iptables takes. */
export function isPortOrRangeList(text: string): boolean {
  return text === '' || text.split(',').every((item) => item.split(':').length <= 2 && item.split(':').every(isPort));
}

/** Networks with commas and no space between; empty is the empty list. */
export function isCidrList(text: string): boolean {
  return text === '' || text.split(',').every(isCidr);
}

/** Names of Linux interfaces with commas between; empty is the empty list. */
export function isInterfaceList(text: string): boolean {
  return text === '' || text.split(',').every((name) => /^[a-zA-Z][a-zA-Z0-9_.-]{0,14}$/.test(name.trim()));
}
