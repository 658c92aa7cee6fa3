/**
 * The ways a request can end without its page. Each is thrown where it is found out and answered by the one error page,
 * so a handler never writes a status of its own.
 */
export class HttpError extends Error {
  readonly status: number;
  /** Key of the sentence that the person reads. */
  readonly messageKey: string;
  readonly params: Record<string, unknown>;
  /** Where "Back" leads; the home page when nothing nearer is known. */
  readonly backTo: string | null;

  constructor(status: number, messageKey: string, params: Record<string, unknown> = {}, backTo: string | null = null) {
    super(messageKey);
    this.name = new.target.name;
    this.status = status;
    this.messageKey = messageKey;
    this.params = params;
    this.backTo = backTo;
  }
}

/** 404: nothing here, or nothing that this person may know of. */
export class NotFound extends HttpError {
  constructor(messageKey = 'errors.notFound.text') {
    super(404, messageKey);
  }
}

/** 403: it exists, and this person may not. */
export class Forbidden extends HttpError {
  constructor(messageKey = 'errors.forbidden.text') {
    super(403, messageKey);
  }
}

/** 409: a rule said no. The key is the sentence for the rule's reason. */
export class Refused extends HttpError {
  constructor(messageKey: string, params: Record<string, unknown> = {}, backTo: string | null = null) {
    super(409, messageKey, params, backTo);
  }
}

/** 422: what was sent can't be read, and there is no form to show it in. */
export class BadInput extends HttpError {
  constructor(messageKey = 'errors.badInput.text', params: Record<string, unknown> = {}, backTo: string | null = null) {
    super(422, messageKey, params, backTo);
  }
}

/** 429: too often. */
export class TooMany extends HttpError {
  constructor(messageKey = 'errors.tooMany.text', params: Record<string, unknown> = {}) {
    super(429, messageKey, params);
  }
}
