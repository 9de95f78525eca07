package injection

import (
	"encoding/json"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/kube/inject"
)

// template is what the charts' has of networks.
const template = `
spec:
  containers:
  - name: istio-proxy
    env:
    {{- if .Values.global.network }}
    - name: ISTIO_META_NETWORK
      value: "{{ .Values.global.network }}"
    {{- end }}
    {{- range $key, $value := .ProxyConfig.ProxyMetadata }}
    - name: {{ $key }}
      value: "{{ $value }}"
    {{- end }}
`

// What the injector itself does.
func TestNetwork(t *testing.T) {
	templates, err := inject.ParseTemplates(inject.RawTemplates{"sidecar": template})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name             string
		label            *string
		annotation       string
		values           string
		wantPod, wantEnv string
	}{
		{"nothing", nil, "", "", "", ""},
		{"the injector's values", nil, "", "v", "v", "v"},
		{"a label", ptr("l"), "", "", "l", "l"},
		{"an annotation", nil, "a", "", "", "a"},
		{"a label beats the values", ptr("l"), "", "v", "l", "l"},
		{"a label beats an annotation", ptr("l"), "a", "", "l", "l"},
		{"the values beat an annotation", nil, "a", "v", "v", "v"},
		{"an empty label hides the values from the pod", ptr(""), "", "v", "", "v"},
		{"an annotation beats values that are hidden", ptr(""), "a", "v", "", "a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pod := &corev1.Pod{
				TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
				ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "a", Labels: labels{}, Annotations: labels{}},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "app"}}},
			}
			if test.label != nil {
				pod.Labels[NetworkLabel] = *test.label
			}
			if test.annotation != "" {
				pod.Annotations[proxyConfigKey] = `{"proxyMetadata":{"ISTIO_META_NETWORK":"` + test.annotation + `"}}`
			}
			written := `{"global":{"network":"` + test.values + `","proxy":{},"proxy_init":{}}}`
			values, err := inject.NewValuesConfig(written)
			if err != nil {
				t.Fatal(err)
			}
			injected, err := inject.IntoObject(nil, templates, values, "default", mesh.DefaultMeshConfig(), pod, func(string) {})
			if err != nil {
				t.Fatal(err)
			}
			inTruth := injected.(*corev1.Pod)
			env := ""
			for _, variable := range proxyOf(inTruth).Env {
				if variable.Name == networkVariable {
					env = variable.Value
				}
			}
			if inTruth.Labels[NetworkLabel] != test.wantPod || env != test.wantEnv {
				shown, _ := json.Marshal(inTruth)
				t.Errorf("the injector writes label %q and variable %q, expected %q and %q: %s",
					inTruth.Labels[NetworkLabel], env, test.wantPod, test.wantEnv, shown)
			}
			own, err := ReadValues(written)
			if err != nil {
				t.Fatal(err)
			}
			if got := own.NetworkOf(pod.Labels); got != test.wantPod {
				t.Errorf("NetworkOf is %q, expected %q", got, test.wantPod)
			}
			if got := own.ProxyNetwork(pod.Labels, pod, mesh.DefaultMeshConfig()); got != test.wantEnv {
				t.Errorf("ProxyNetwork is %q, expected %q", got, test.wantEnv)
			}
		})
	}
}

func ptr(text string) *string { return &text }
