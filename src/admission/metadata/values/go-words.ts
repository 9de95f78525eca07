/** The words that Go's strconv.ParseBool reads. */
export function isBool(text: string): boolean {
  return /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text);
}

/** A number without a sign, as Go's strconv.ParseUint reads it. */
export function isUint(text: string, largest: number): boolean {
  return /^\d+$/.test(text) && Number(text) <= largest;
}

/** A whole number, as Go's strconv.Atoi reads it. */
export function isIntegerIn(text: string, smallest: number, largest: number): boolean {
  return /^[+-]?\d+$/.test(text) && Number(text) >= smallest && Number(text) <= largest;
}

/**
 * A Kubernetes quantity: `100m`, `1.5`, `128Mi`, `1e3`. Kubernetes even reads a suffix or a sign alone, as zero,
 * though not the largest two.
 */
export function isQuantity(text: string): boolean {
  return text !== '' && !/^[^\d]*[PE]i$/.test(text) && /^[+-]?\d*(\.\d*)?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,18})?$/.test(text);
}

/** JSON of any kind that `accepts` takes. */
export function isJson(text: string, accepts: (value: unknown) => boolean): boolean {
  try {
    return accepts(JSON.parse(text));
  } catch { // not JSON
    return false;
  }
}
