const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Lower case letters, digits, '-' and '.', up to 253: the name of a custom resource (RFC 1123 subdomain). */
export function isDnsSubdomain(name: string): boolean {
  return name.length <= 253 && DNS_SUBDOMAIN.test(name);
}

/** Lower case letters, digits and '-', up to 63: the name of a namespace (RFC 1123 label). */
export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && DNS_LABEL.test(name);
}

/** DNS labels separated by dots, in any case: a DNS domain, or a trust domain. */
export function isDnsDomain(text: string): boolean {
  return text.toLowerCase().split('.').every(isDnsLabel);
}

/** A name with an optional prefix: a label key or a finalizer. */
export function isQualifiedName(name: string): boolean {
  const slash = name.indexOf('/');
  const last = name.slice(slash + 1); // a second slash is no part of a name
  return last.length <= 63 && NAME_PART.test(last) && (slash < 0 || isDnsSubdomain(name.slice(0, slash)));
}

/** A qualified name in any case; Go, unlike JavaScript, lowers a dotted capital I to a plain i. */
export function isAnnotationKey(key: string): boolean {
  return isQualifiedName(key.replace(/\u0130/g, 'i').toLowerCase());
}

/** Empty, or up to 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit. */
export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= 63 && NAME_PART.test(value));
}

/** The nearest valid name, if any part of the name can be kept. */
export function asDnsName(name: string, longest: number, hasDots: boolean): string | undefined {
  const made = name.slice(0, longest).toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/[-.]*\.[-.]*/g, '.').replace(
    /^[-.]+|[-.]+$/g, '',
  );
  const fits = hasDots ? made : made.replace(/\./g, '-');
  return fits === '' ? undefined : fits;
}

/** The nearest valid label value, if any part of the value can be kept. */
export function asLabelValue(value: string): string | undefined {
  const made = value.slice(0, 63).replace(/[^-A-Za-z0-9_.]+/g, '-').replace(/^[-_.]+|[-_.]+$/g, '');
  return made === '' ? undefined : made;
}
