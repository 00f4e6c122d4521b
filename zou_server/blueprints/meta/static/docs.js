"use strict";

// Shows the description with Swagger UI, every route once, and lets people log in with their password
// instead of pasting a token.

const ui = SwaggerUIBundle({
  dom_id: "#description",
  url: "openapi.json?aliases=no",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  docExpansion: "none", // hundreds of routes: groups first
  defaultModelsExpandDepth: 0,
  defaultModelRendering: "model",
  filter: true,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null, // else it asks a server of Swagger's
});

document.querySelector("#log-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const said = form.querySelector("output");
  const sent = { email: form.email.value, password: form.password.value };
  const answer = await fetch("auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(sent),
  });
  const found = await answer.json();
  if (!found.access_token) {
    said.textContent = "Not logged in: wrong e-mail or password, or too many tries.";
    return;
  }
  ui.preauthorizeApiKey("zouToken", found.access_token);
  ui.authActions.authorize({
    shotrunnerBasic: {
      name: "shotrunnerBasic",
      schema: { type: "http", scheme: "basic" },
      value: { username: sent.email, password: sent.password },
    },
  });
  form.password.value = "";
  said.textContent = `Logged in as ${found.user.full_name || sent.email}`;
});
