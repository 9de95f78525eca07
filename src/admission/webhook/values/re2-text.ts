/** The text of a regular expression, read character by character. */
export class Re2Text {
  private readonly characters: readonly string[];
  public position = 0;

  public constructor(text: string) {
    this.characters = [...text];
  }

  public get atEnd(): boolean {
    return this.position >= this.characters.length;
  }

  /** The next character, empty at the end. */
  public get next(): string {
    return this.characters[this.position] ?? '';
  }

  public get previous(): string {
    return this.characters[this.position - 1] ?? '';
  }

  /** The next characters, as many as there are. */
  public ahead(count: number): string {
    return this.characters.slice(this.position, this.position + count).join('');
  }

  /** What was read since a position. */
  public since(position: number): string {
    return this.characters.slice(position, this.position).join('');
  }

  public take(): string {
    const character = this.next;
    if (!this.atEnd) this.position += 1;
    return character;
  }

  public skip(count: number): void {
    this.position += count;
  }

  /** Reads past the next occurrence of a text and gives what is before it; nothing where there is none. */
  public takeThrough(end: string): string | undefined {
    const rest = this.characters.slice(this.position).join('');
    const index = rest.indexOf(end);
    if (index < 0) return undefined;
    const before = rest.slice(0, index);
    this.position += [...before].length + [...end].length;
    return before;
  }

  /** Ends the reading: the expression has `fault`. */
  public fail(fault: string): never {
    throw new Re2Fault(fault);
  }
}

/** What keeps an expression from being one. */
export class Re2Fault {
  public constructor(public readonly fault: string) {}
}
