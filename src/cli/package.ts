/** The package that the command came with. */
export interface Package {
  /** Its folder. */
  readonly root: string;
  readonly version: string;
}
