import { InvalidArgumentError, Option } from "commander";
import { fitsMarker } from "../forge/marker.ts";

/** --environment NAME: which comment or issue it is. */
export const environmentOption = (description: string): Option =>
  new Option("--environment <name>", description).argParser((name: string) => {
    if (name.trim() === "") throw new InvalidArgumentError("Expected a name, such as production.");
    if (fitsMarker(name)) return name;
    throw new InvalidArgumentError("Expected a name of at most 200 characters.");
  });
