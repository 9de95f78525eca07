/** A change of one object: fields that are set and removed; where the object isn't there yet, the whole of it; or that it is deleted. */
export interface MtlsObjectChange {
  /** API version of the object. */
  readonly apiVersion: string;

  /** Kind of the object. */
  readonly kind: string;

  /** Its namespace; empty for objects without one. */
  readonly namespace: string;

  /** Its name. */
  readonly name: string;

  /** The fields to change, in this order; none where the object is to be added or deleted. */
  readonly fields: MtlsFieldChange[];

  /**
   * The object to add.
   *
   * @default - the object is there
   */
  readonly manifest?: any;

  /**
   * Whether the object is to be deleted.
   *
   * @default false
   */
  readonly delete?: boolean;
}

/** A field that is set or removed. */
export interface MtlsFieldChange {
  /** `set` or `remove`. */
  readonly op: string;

  /** The field, step by step: `spec`, `subsets`, `0`, `name`. What isn't there on the way is made; a number leads into a list. */
  readonly path: string[];

  /**
   * What the field becomes.
   *
   * @default - the field is removed
   */
  readonly value?: any;
}
