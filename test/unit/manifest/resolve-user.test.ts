import { expect, test } from "vitest";
import { flattenManifestUser } from "../../../src/manifest/resolve-user.ts";

test.each([
  [
    { givenName: "Jane", title: null },
    { givenName: "Jane", title: null },
  ],
  [{ email: "j@x.com" }, { "email.value": "j@x.com" }],
  [{ email: { value: "j@x.com", primary: false } }, { "email.value": "j@x.com", "email.primary": false }],
  [{ phone: null }, { "phone.value": null, "phone.type": null, "phone.primary": null }],
  [
    { address: { locality: "Berlin", region: null } },
    { "address.locality": "Berlin", "address.region": null },
  ],
  [
    { enterprise: { costCenter: "42", division: null } },
    { "enterprise.costCenter": "42", "enterprise.division": null },
  ],
  [{ external: true }, {}],
  [{}, {}],
])("%j manages %j", (user, attributes) => {
  expect(flattenManifestUser(user)).toEqual(attributes);
});

test("no address clears every part of it", () => {
  const flat = flattenManifestUser({ address: null });
  expect(Object.keys(flat)).toHaveLength(8);
  expect(Object.values(flat).every((value) => value === null)).toBe(true);
});
