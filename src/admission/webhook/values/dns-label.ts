const LONGEST = 63;
const LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const WILDCARD_LABEL = new RegExp(`^(?:\\*|(?:\\*|\\*-)?${LABEL})$`);

/** Whether istiod takes it as one label of a DNS name; unlike Kubernetes it lets capitals pass. */
export function isDnsLabel(text: string): boolean {
  return text.length <= LONGEST && DNS_LABEL.test(text);
}

/** A label of a DNS name, `*`, or a label with `*` or `*-` in front. */
export function isWildcardDnsLabel(text: string): boolean {
  return text.length <= LONGEST && WILDCARD_LABEL.test(text);
}
