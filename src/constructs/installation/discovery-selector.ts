/** A selector of namespaces by their labels; all of its conditions must hold. Without any, it selects all. */
export interface DiscoverySelector {
  /**
   * Labels that a namespace must have.
   *
   * @default - none
   */
  readonly matchLabels?: { [key: string]: string };

  /**
   * Further conditions.
   *
   * @default - none
   */
  readonly matchExpressions?: DiscoverySelectorRequirement[];
}

/** One condition on a namespace's labels. */
export interface DiscoverySelectorRequirement {
  /** The label's key. */
  readonly key: string;

  /** How the label and `values` relate. */
  readonly operator: DiscoverySelectorOperator;

  /**
   * At least one value for IN and NOT_IN, none for the others.
   *
   * @default - none
   */
  readonly values?: string[];
}

/** How a label relates to a requirement's values. */
export enum DiscoverySelectorOperator {
  /** The label has one of the values. */
  IN = 'In',
  /** The label has none of the values, or isn't there. */
  NOT_IN = 'NotIn',
  /** The label is there. */
  EXISTS = 'Exists',
  /** The label isn't there. */
  DOES_NOT_EXIST = 'DoesNotExist',
}
