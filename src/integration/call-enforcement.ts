/** What declared calls emit for the Services that they call. */
export enum CallEnforcement {
  /** AuthorizationPolicies that deny all other calls. */
  POLICIES = 'POLICIES',
  /**
   * The same AuthorizationPolicies with annotation `istio.io/dry-run: "true"`: Istio denies nothing because of them, and only counts
   * and logs what they would deny.
   */
  DRY_RUN = 'DRY_RUN',
  /** No AuthorizationPolicies: everybody may still call. Clients are annotated, and their calls are checked at synth. */
  NONE = 'NONE',
}
