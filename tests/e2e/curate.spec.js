// Curating texts: measured, cleaned and deduplicated by steps, with what each step says of its work.
import assert from "node:assert/strict";
import { accessible, idle, test } from "./harness.js";

const thin = (text) => text.replaceAll("\u2009", "");
const rowCount = async (page) => Number(await page.getByTestId("grid").getAttribute("aria-rowcount")) - 1;

async function withTexts(open) {
  const page = await open();
  await page.getByTestId("sample_web_text").click();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  return page;
}

async function addStep(page, words) {
  await page.getByTestId("add-step").click();
  await page.getByRole("searchbox").fill(words);
  await page.keyboard.press("Enter");
  await page.getByTestId("step-form").waitFor();
}

test("duplicates are marked, counted and removed", async ({ open }) => {
  const page = await withTexts(open);
  const rows = await rowCount(page);
  await addStep(page, "deduplicate");
  await accessible(page, "with the form of a text operation open");
  await page.getByTestId("step-submit").click();
  await idle(page);
  await page.getByText("duplicate_of").first().waitFor();
  assert.equal(await rowCount(page), rows);
  const said = thin(await page.getByTestId("step-says").first().innerText());
  const marked = Number(/([0-9]+) of [0-9]+ texts repeat another/.exec(said)[1]);
  assert.ok(marked > rows / 20, said);

  await page.getByTestId("edit-step").first().click();
  await page.getByLabel("Remove", { exact: true }).check();
  await page.getByTestId("step-submit").click();
  await idle(page);
  assert.equal(await rowCount(page), rows - marked);
});
