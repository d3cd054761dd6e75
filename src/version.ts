declare const RECONCILE_VERSION: string;

/** From package.json, put in by the build. */
export const version: string = RECONCILE_VERSION;
