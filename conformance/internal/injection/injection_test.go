package injection

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type labels = map[string]string

func TestDecide(t *testing.T) {
	enabled, revision := labels{"istio-injection": "enabled"}, labels{"istio.io/rev": "x"}
	on, off := labels{"sidecar.istio.io/inject": "true"}, labels{"sidecar.istio.io/inject": "false"}
	for _, test := range []struct {
		name        string
		namespace   labels
		pod         labels
		annotations labels
		want        Proxy
	}{
		{"the namespace enables it", enabled, nil, nil, Sidecar},
		{"the pod refuses", enabled, off, nil, None},
		{"the pod's annotation refuses", enabled, nil, off, None},
		{"the label beats the annotation", enabled, on, off, Sidecar},
		{"the annotation never calls the webhook", nil, nil, on, None},
		{"a namespace with a revision", revision, nil, nil, Sidecar},
		{"a revision and a refusal", revision, off, nil, None},
		{"istio-injection beats the revision", labels{"istio-injection": "disabled", "istio.io/rev": "x"}, on, nil, None},
		{"disabled beats the pod's wish", labels{"istio-injection": "disabled"}, on, nil, None},
		{"no label at all", nil, nil, nil, None},
		{"the pod's wish alone", nil, on, nil, Sidecar},
		{"the pod's revision alone", nil, revision, nil, Sidecar},
		{"the pod's revision and its refusal", nil, labels{"istio.io/rev": "x", "sidecar.istio.io/inject": "false"}, nil, None},
		{"ambient", labels{"istio.io/dataplane-mode": "ambient"}, nil, nil, Ztunnel},
		{"a pod out of ambient", labels{"istio.io/dataplane-mode": "ambient"}, labels{"istio.io/dataplane-mode": "none"}, nil, None},
		{"a gateway", enabled, nil, labels{"inject.istio.io/templates": "gateway"}, Router},
		{"a template of somebody's own", enabled, nil, labels{"inject.istio.io/templates": "mine"}, Unknown},
		{"a template of somebody's own with a sidecar", enabled, nil, labels{"inject.istio.io/templates": "sidecar, mine"}, Sidecar},
		{"a namespace with an empty revision", labels{"istio.io/rev": ""}, nil, nil, None},
		{"an empty revision", nil, labels{"istio.io/rev": ""}, nil, None},
		{"an empty revision and a wish", nil, labels{"istio.io/rev": "", "sidecar.istio.io/inject": "true"}, nil, None},
		{"grpc-agent", enabled, nil, labels{"inject.istio.io/templates": "grpc-agent"}, GRPC},
	} {
		t.Run(test.name, func(t *testing.T) {
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "a", Labels: test.pod, Annotations: test.annotations}}
			namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "a", Labels: test.namespace}}
			if got := Decide(namespace, pod); got.Proxy != test.want {
				t.Errorf("got %s (%s), want %s", got.Proxy, got.Why, test.want)
			}
		})
	}
}

func TestDecideWithoutLabels(t *testing.T) {
	container := func(args ...string) corev1.PodSpec {
		return corev1.PodSpec{Containers: []corev1.Container{{Name: "istio-proxy", Args: args}}}
	}
	for _, test := range []struct {
		name      string
		namespace string
		spec      corev1.PodSpec
		templates labels
		want      Proxy
	}{
		{"a namespace that isn't there", "a", corev1.PodSpec{}, nil, Unknown},
		{"the host's network", "a", corev1.PodSpec{HostNetwork: true}, nil, None},
		{"a namespace that the injector ignores", "kube-system", corev1.PodSpec{}, nil, None},
		{"a sidecar in the template", "a", container("proxy", "sidecar"), nil, Sidecar},
		{"a router in the template", "a", container("proxy", "router"), nil, Router},
		{"a waypoint in the template", "a", container("proxy", "waypoint"), nil, Waypoint},
		{"a container for the injector to complete", "a", container(), nil, Sidecar},
		{"a gateway for the injector to complete", "a", container(), labels{"inject.istio.io/templates": "gateway"}, Router},
	} {
		t.Run(test.name, func(t *testing.T) {
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: test.namespace, Annotations: test.templates}, Spec: test.spec}
			if got := Decide(nil, pod); got.Proxy != test.want {
				t.Errorf("got %s (%s), want %s", got.Proxy, got.Why, test.want)
			}
		})
	}
}
