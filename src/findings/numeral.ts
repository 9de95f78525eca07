/** `4,212`: long numbers are hard to read. Not `toLocaleString`, whose first call costs 10 ms. */
export function numeral(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
