/** The text that an action writes to standard error. */
export function writtenBy(action: () => void): string {
  const texts: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => texts.push(String(text)) > 0);
  try {
    action();
  } finally {
    write.mockRestore();
  }
  return texts.join('');
}
