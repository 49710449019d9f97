import type { Answer, Exchange } from "./exchange.ts";
import { countTokens, replyTo } from "./exchange.ts";

interface GenerateRequest {
  contents?: { role?: string; parts?: { text?: string }[] }[];
}

const harmless = ["HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT"];

/** `generateContent` as the Gemini API and Vertex AI answer it; they differ in what they say when they refuse. */
export function generateContent({ body, authorized, fault }: Exchange, model: string, vertex: boolean): Answer {
  if (!authorized) return failure(401, "UNAUTHENTICATED", "Request is missing required authentication credential.");
  if (fault.status === 429) return quotaExceeded(model, vertex);
  if (fault.status === 403) {
    return vertex
      ? failure(403, "PERMISSION_DENIED", "Permission denied for Vertex AI: 'aiplatform.endpoints.predict' denied on resource.")
      : failure(403, "PERMISSION_DENIED", "The caller does not have permission.");
  }
  if (fault.status === 500) return failure(500, "INTERNAL", "An internal error has occurred. Please retry.");
  const contents = (body as GenerateRequest).contents ?? [];
  if (contents.length === 0) return failure(400, "INVALID_ARGUMENT", "* GenerateContentRequest.contents: contents is not specified");

  const text = (part: { parts?: { text?: string }[] } | undefined) => part?.parts?.map((piece) => piece.text ?? "").join("") ?? "";
  const promptTokenCount = countTokens(contents.map(text).join(" "));
  const safetyRatings = harmless.map((category) => ({ category: `HARM_CATEGORY_${category}`, probability: "NEGLIGIBLE" }));
  if (fault.safetyBlock) {
    const blocking = [{ category: "HARM_CATEGORY_DANGEROUS_CONTENT", probability: "HIGH", blocked: true }];
    const usageMetadata = { promptTokenCount, totalTokenCount: promptTokenCount };
    return {
      status: 200,
      body: { promptFeedback: { blockReason: "SAFETY", safetyRatings: blocking }, usageMetadata, modelVersion: model },
    };
  }
  const reply = replyTo(text(contents.at(-1)));
  const candidatesTokenCount = countTokens(reply);
  return {
    status: 200,
    body: {
      candidates: [{ content: { parts: [{ text: reply }], role: "model" }, finishReason: "STOP", index: 0, safetyRatings }],
      usageMetadata: { promptTokenCount, candidatesTokenCount, totalTokenCount: promptTokenCount + candidatesTokenCount },
      modelVersion: model,
    },
  };
}

function quotaExceeded(model: string, vertex: boolean): Answer {
  if (vertex) {
    const metric = "aiplatform.googleapis.com/generate_content_requests_per_minute_per_project_per_base_model";
    return failure(429, "RESOURCE_EXHAUSTED", `Quota exceeded for ${metric} with base model: ${model}.`);
  }
  return failure(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.", [
    {
      "@type": "type.googleapis.com/google.rpc.QuotaFailure",
      violations: [
        {
          quotaMetric: "generativelanguage.googleapis.com/generate_content_paid_tier_requests",
          quotaId: "GenerateRequestsPerMinutePerProjectPerModel",
          quotaDimensions: { location: "global", model },
        },
      ],
    },
    { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "30s" },
  ]);
}

function failure(code: number, status: string, message: string, details?: unknown[]): Answer {
  return { status: code, body: { error: { code, message, status, ...(details && { details }) } } };
}
