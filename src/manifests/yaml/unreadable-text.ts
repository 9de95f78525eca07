/** Why a text can't be read, and where. What it says quotes nothing of the text, which may hold a secret. */
export class UnreadableText extends Error {
  /**
   * @param code of the catalogue in docs/admission.md, section "Reading"
   * @param at the offset in the text
   */
  public constructor(public readonly code: string, message: string, public readonly at: number) {
    super(message);
  }
}
