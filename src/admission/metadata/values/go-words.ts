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
