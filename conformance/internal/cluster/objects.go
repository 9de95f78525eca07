// Package cluster makes of manifests what a cluster would make of them: the
// API server's defaults, the pods of the workloads, the injector's labels, the
// services' addresses and endpoints.
package cluster

import (
	"encoding/json"
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
)

const (
	revisionLabel = "istio.io/rev"
	// defaultRevision is the one of the istiod that is asked.
	defaultRevision = "default"
)

// Refused is an object that istiod's webhook would not have let in. The mesh
// is judged without it.
type Refused struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Why       string `json:"why"`
}

// manifests are the objects of a mesh by what they are for.
type manifests struct {
	// domain is the cluster's DNS suffix.
	domain     string
	namespaces map[string]*corev1.Namespace
	workloads  []*Workload
	owners     map[string]bool
	services   []*corev1.Service
	slices     []*discoveryv1.EndpointSlice
	//nolint:staticcheck // Kubernetes still mirrors them.
	endpoints  []*corev1.Endpoints
	configs    []config.Config
	gatewayAPI []GatewayAPIObject
	rollouts   []json.RawMessage
	meshConfig string
	// meshNetworks is beside the mesh config.
	meshNetworks string
	// injectorValues are those of the default revision's injector.
	injectorValues string
	refused        []Refused
	notes          []string
}

// envelope is what all objects share.
type envelope struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        metav1.ObjectMeta `json:"metadata"`
	Items           []json.RawMessage `json:"items"`
}

func read(objects []json.RawMessage, domain string) (*manifests, error) {
	m := &manifests{domain: domain, namespaces: map[string]*corev1.Namespace{}, owners: map[string]bool{}}
	for _, object := range objects {
		if err := m.add(object); err != nil {
			return nil, err
		}
	}
	return m, m.shiftWeights()
}

func (m *manifests) add(object json.RawMessage) error {
	var head envelope
	if err := json.Unmarshal(object, &head); err != nil {
		return fmt.Errorf("reading an object: %w", err)
	}
	if head.Kind == "List" {
		for _, item := range head.Items {
			if err := m.add(item); err != nil {
				return err
			}
		}
		return nil
	}
	group, _, _ := strings.Cut(head.APIVersion, "/")
	switch {
	case strings.HasSuffix(group, "istio.io"):
		return m.addIstio(object, &head)
	case strings.HasPrefix(group, "gateway.networking."):
		return m.addGatewayAPI(object, &head)
	}
	return m.addKubernetes(object, &head)
}

func (m *manifests) addKubernetes(object json.RawMessage, head *envelope) error {
	var err error
	switch head.Kind {
	case "Namespace":
		err = into(object, func(o *corev1.Namespace) { m.namespaces[o.Name] = o })
	case "Service":
		err = into(object, func(o *corev1.Service) { m.services = append(m.services, o) })
	case "EndpointSlice":
		err = into(object, func(o *discoveryv1.EndpointSlice) { m.slices = append(m.slices, o) })
	case "Endpoints":
		err = into(object, func(o *corev1.Endpoints) { m.endpoints = append(m.endpoints, o) })
	case "ConfigMap":
		err = into(object, m.addConfigMap)
	case "Deployment":
		err = into(object, func(o *appsv1.Deployment) { m.addWorkload(head, o.ObjectMeta, &o.Spec.Template, o.Spec.Replicas) })
	case "StatefulSet":
		err = into(object, func(o *appsv1.StatefulSet) {
			m.addWorkload(head, o.ObjectMeta, &o.Spec.Template, o.Spec.Replicas).numbered = numberedBy(o)
		})
	case "DaemonSet":
		err = into(object, func(o *appsv1.DaemonSet) { m.addWorkload(head, o.ObjectMeta, &o.Spec.Template, nil) })
	case "ReplicaSet":
		err = into(object, func(o *appsv1.ReplicaSet) { m.addWorkload(head, o.ObjectMeta, &o.Spec.Template, o.Spec.Replicas) })
	case "ReplicationController":
		err = into(object, func(o *corev1.ReplicationController) {
			m.addWorkload(head, o.ObjectMeta, o.Spec.Template, o.Spec.Replicas)
		})
	case "Rollout":
		err = into(object, func(o *rolloutPods) { m.addWorkload(head, o.ObjectMeta, &o.Spec.Template, o.Spec.Replicas) })
		m.rollouts = append(m.rollouts, object)
	case "Job":
		err = into(object, func(o *batchv1.Job) { m.addWorkload(head, o.ObjectMeta, &o.Spec.Template, o.Spec.Parallelism) })
	case "CronJob":
		err = into(object, func(o *batchv1.CronJob) { m.addWorkload(head, o.ObjectMeta, &o.Spec.JobTemplate.Spec.Template, nil) })
	case "Pod":
		err = into(object, func(o *corev1.Pod) {
			m.addWorkload(head, o.ObjectMeta, &corev1.PodTemplateSpec{ObjectMeta: o.ObjectMeta, Spec: o.Spec}, nil).status = o.Status
		})
	}
	if err != nil {
		return fmt.Errorf("reading %s %s/%s: %w", head.Kind, head.Metadata.Namespace, head.Metadata.Name, err)
	}
	return nil
}

func into[T any](object json.RawMessage, use func(*T)) error {
	typed := new(T)
	if err := json.Unmarshal(object, typed); err != nil {
		return err
	}
	use(typed)
	return nil
}

func (m *manifests) addConfigMap(o *corev1.ConfigMap) {
	switch {
	case o.Name == "istio" && o.Data["mesh"] != "":
		m.meshConfig, m.meshNetworks = o.Data["mesh"], o.Data["meshNetworks"]
	case o.Name == "istio-sidecar-injector":
		m.injectorValues = o.Data["values"]
	case strings.HasPrefix(o.Name, "istio-") && o.Data["mesh"] != "":
		m.notes = append(m.notes, "ConfigMap "+o.Name+" is another revision's mesh config: not judged")
	}
}

// addIstio converts an object as istiod's config store does, and drops what
// the webhook would refuse.
func (m *manifests) addIstio(object json.RawMessage, head *envelope) error {
	var kind crd.IstioKind
	if err := json.Unmarshal(object, &kind); err != nil {
		return fmt.Errorf("reading %s %s/%s: %w", head.Kind, head.Metadata.Namespace, head.Metadata.Name, err)
	}
	kind.Namespace = namespaceOf(kind.Namespace)
	if len(kind.Spec) == 0 {
		kind.Spec = json.RawMessage("{}")
	}
	refuse := func(why string) error {
		m.refused = append(m.refused, Refused{Kind: kind.Kind, Namespace: kind.Namespace, Name: kind.Name, Why: why})
		return nil
	}
	gvk := kind.GroupVersionKind()
	schema, known := collections.PilotGatewayAPI().FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&gvk))
	if !known {
		return refuse("unrecognized type")
	}
	converted, err := crd.ConvertObject(schema, &kind, m.domain)
	if err != nil {
		return refuse(err.Error())
	}
	if _, err := schema.ValidateConfig(*converted); err != nil {
		return refuse(err.Error())
	}
	// As crdclient has it: by the revision's name, never by a tag's.
	if revision, named := kind.Labels[revisionLabel]; named && revision != defaultRevision {
		m.notes = append(m.notes, kind.Kind+" "+kind.Name+" is another revision's: not judged")
		return nil
	}
	if converted.CreationTimestamp.IsZero() {
		converted.CreationTimestamp = created.Time
	}
	m.configs = append(m.configs, *converted)
	return nil
}

func namespaceOf(name string) string {
	if name == "" {
		return metav1.NamespaceDefault
	}
	return name
}
