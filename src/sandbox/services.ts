import { cloudTrail } from "./cloudtrail/service.ts";
import { identityStore } from "./identitystore/service.ts";
import { organizations } from "./organizations/service.ts";
import type { Service } from "./service.ts";
import { ssoAdmin } from "./sso-admin/service.ts";
import { sts } from "./sts.ts";

/** Every service that the sandbox speaks for. */
export const services: readonly Service[] = [ssoAdmin, identityStore, organizations, sts, cloudTrail];
