// Endpoints to begin with: what most systems ask for.

const field = (name, path) => ({name, field: path});
const PLACE = [field("state", "contact.state"), field("postal_code", "contact.postal_code"), field("test", "test")];
const PERSON = ["first_name", "last_name", "email", "phone"].map((name) => field(name, `contact.${name}`));
const FIELDS = {
  ping: [field("ping_id", "ping_id"), ...PLACE], post: [field("lead_id", "lead_id"), ...PERSON, ...PLACE], status_check: [field("id", "webhook_id")], return_notice: [field("lead_id", "lead_id"), field("status", "return_status"), field("why", "why")],
};
const BID = {format: "json", accepted: {path: "$.status", equals: ["bid"]}, price: "$.price"};

/** A new endpoint for a ping, a post, a check of one, or the word about a return. */
export const newEndpoint = (purpose) => ({
  url: "", method: "POST", format: "json", fields: FIELDS[purpose], auth: {type: "none"}, timeout_ms: purpose === "ping" ? 1500 : 5000, reads: purpose === "ping" ? BID : {format: "json"},
});
