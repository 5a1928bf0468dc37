// A call's life by `openapi-typescript` and `openapi-fetch`.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { env: Record<string, string> };

const { ADDRESS, AGENCY, KEY, BEGAN } = process.env;
const client = createClient<paths>({ baseUrl: ADDRESS, headers: { authorization: `Bearer ${KEY}` } });
const after = (minutes: number) => new Date(Date.parse(BEGAN) + minutes * 60_000).toISOString();

type Update = components["schemas"]["UpdateBody"];

async function tell(path: "/cad/{agency_id}/updates" | "/rms/{agency_id}/updates", minutes: number, news: Partial<Update>) {
  const update: Update = { incident_number: "P26-0001234", as_of: after(minutes), ...news };
  const { data, error } = await client.POST(path, {
    params: { path: { agency_id: AGENCY } },
    body: { updates: [update] },
  });
  if (!data || !("accepted" in data) || data.rejected.length) throw new Error(JSON.stringify(error ?? data));
}

const cad = "/cad/{agency_id}/updates";
await tell(cad, 0, {
  received_at: after(0),
  origin: "non_emergency",
  incident_type: "THEFT",
  priority: "3",
  reporting_parties: [{ party_id: "1", role: "caller", phone: "303-555-0123", language: "en" }],
});
await tell(cad, 12, { dispatched_at: after(12), units: [{ unit: "3A12", officer_ids: ["o2211"] }] });
await tell(cad, 14, { enroute_at: after(14) });
await tell(cad, 27, { arrived_at: after(27) });
await tell(cad, 53, { closed_at: after(53), dispositions: ["RPT"] });
await tell("/rms/{agency_id}/updates", 90, { case_number: "26-123456" });
