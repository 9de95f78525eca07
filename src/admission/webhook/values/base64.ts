/** Whether it is base64 of either alphabet, padded or not; line breaks don't count. */
export function isBase64(text: string): boolean {
  const digit = /[+/]/.test(text) ? '[A-Za-z0-9+/]' : '[A-Za-z0-9_-]';
  const digits = text.replace(/[\r\n]/g, '');
  if (text.endsWith('=')) return new RegExp(`^(${digit}{4})*(${digit}{2}==|${digit}{3}=)$`).test(digits);
  return new RegExp(`^${digit}*$`).test(digits) && digits.length % 4 !== 1;
}
