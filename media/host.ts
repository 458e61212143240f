/** What VS Code gives to a webview's script; to be taken once. */
export interface Host<ToHost, State> {
  postMessage(message: ToHost): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi(): Host<unknown, unknown>;

export function acquireHost<ToHost, State>(): Host<ToHost, State> {
  return acquireVsCodeApi() as Host<ToHost, State>;
}
