// Package admission asks istiod's own validating webhook about an object.
package admission

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/webhooks/validation/server"
)

// Verdict is what the webhook answers about one object.
type Verdict struct {
	Allowed bool `json:"allowed"`
	// Stage is where the webhook stopped: decode, unknown-type, convert,
	// validate, fields, or empty when it allowed the object.
	Stage string `json:"stage,omitempty"`
	// Message is the webhook's own text, as the API server would pass it on.
	Message string `json:"message,omitempty"`
	// Errors are the single errors of Message.
	Errors   []string `json:"errors"`
	Warnings []string `json:"warnings"`
	// Panic is set when istiod's code crashed on the object. The API server
	// then follows the webhook's failurePolicy.
	Panic string `json:"panic,omitempty"`
}

// Webhook is istiod's handler, with istiod's schemas, without a server.
type Webhook struct{ mux *http.ServeMux }

// NewWebhook makes the handler as istiod does in pilot/pkg/bootstrap.
func NewWebhook(domainSuffix string) (*Webhook, error) {
	mux := http.NewServeMux()
	_, err := server.New(server.Options{
		Schemas:      collections.PilotGatewayAPI(),
		DomainSuffix: domainSuffix,
		Mux:          mux,
	})
	if err != nil {
		return nil, fmt.Errorf("making istiod's webhook: %w", err)
	}
	return &Webhook{mux: mux}, nil
}

// Judge sends the bytes of one object through the webhook, as a CREATE.
func (w *Webhook) Judge(object []byte) (verdict Verdict) {
	defer func() {
		if crash := recover(); crash != nil {
			verdict = Verdict{Stage: "panic", Errors: []string{}, Warnings: []string{}, Panic: fmt.Sprint(crash)}
		}
	}()
	if !json.Valid(object) {
		return refused("decode", "the line is not one JSON value")
	}
	review, err := json.Marshal(reviewOf(object))
	if err != nil {
		return refused("decode", err.Error())
	}
	request := httptest.NewRequest(http.MethodPost, "/validate", bytes.NewReader(review))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	w.mux.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusOK {
		return refused("decode", strings.TrimSpace(recorder.Body.String()))
	}
	return verdictOf(recorder.Body.Bytes())
}

// reviewOf wraps the object as the API server does for a creation. What of
// type and metadata can't be read is left empty: the webhook takes from the
// review only what its messages name.
func reviewOf(object []byte) admissionv1.AdmissionReview {
	head := struct {
		APIVersion any `json:"apiVersion"`
		Kind       any `json:"kind"`
		Metadata   any `json:"metadata"`
	}{}
	_ = json.Unmarshal(object, &head)
	group := schema.FromAPIVersionAndKind(text(head.APIVersion), text(head.Kind))
	metadata, _ := head.Metadata.(map[string]any)
	dryRun := true
	return admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"},
		Request: &admissionv1.AdmissionRequest{
			UID:       types.UID("referee"),
			Kind:      metav1.GroupVersionKind(group),
			Name:      text(metadata["name"]),
			Namespace: text(metadata["namespace"]),
			Operation: admissionv1.Create,
			Object:    runtime.RawExtension{Raw: object},
			DryRun:    &dryRun,
		},
	}
}

func verdictOf(body []byte) Verdict {
	var review admissionv1.AdmissionReview
	if err := json.Unmarshal(body, &review); err != nil || review.Response == nil {
		return refused("decode", "the webhook's answer is no AdmissionReview: "+string(body))
	}
	response := review.Response
	if !response.Allowed {
		message := ""
		if response.Result != nil {
			message = response.Result.Message
		}
		verdict := refused(stageOf(message), message)
		verdict.Warnings = append(verdict.Warnings, response.Warnings...)
		return verdict
	}
	return Verdict{Allowed: true, Errors: []string{}, Warnings: append([]string{}, response.Warnings...)}
}

func refused(stage, message string) Verdict {
	return Verdict{Stage: stage, Message: message, Errors: errorsOf(message), Warnings: []string{}}
}

func text(value any) string {
	found, _ := value.(string)
	return found
}
