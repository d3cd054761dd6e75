import { inspect } from "node:util";

/** A text that shows itself to nobody by accident: printed, logged, thrown or written as JSON it is three stars. */
export interface Secret {
  readonly reveal: () => string;
  readonly toString: () => string;
}

export const secret = (text: string): Secret => {
  const hidden = {
    reveal: () => text,
    toString: () => stars,
    toJSON: () => stars,
    [inspect.custom]: () => stars,
  };
  return hidden;
};

/** Takes every one of the secrets out of a text that came from elsewhere, such as an error page that echoes a request. */
export const redact = (text: string, secrets: readonly Secret[]): string =>
  secrets.reduce((rest, each) => (each.reveal() === "" ? rest : rest.replaceAll(each.reveal(), stars)), text);

const stars = "***";
