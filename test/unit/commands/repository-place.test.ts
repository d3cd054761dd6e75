import { expect, it } from "vitest";
import { repositoryPlace } from "../../../src/commands/repository-place.ts";

it.each([
  [{}, "access.yaml", "access.yaml"],
  [{ GITHUB_WORKSPACE: "/repo" }, "access.yaml", "infra/access.yaml"],
  [{ CI_PROJECT_DIR: "/repo" }, "access/a.yaml", "infra/access/a.yaml"],
  [{ GITHUB_WORKSPACE: "/repo" }, "../access.yaml", "access.yaml"],
  [{ GITHUB_WORKSPACE: "/repo" }, "../../elsewhere.yaml", "../../elsewhere.yaml"],
  [{ GITHUB_WORKSPACE: "" }, "access.yaml", "access.yaml"],
])("%j %s -> %s", (env, file, place) => {
  expect(repositoryPlace({ env, cwd: "/repo/infra" })(file)).toBe(place);
});
