package cluster

import (
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	gatewayx "sigs.k8s.io/gateway-api/apisx/v1alpha1"

	"istio.io/istio/pkg/config/schema/gvr"
)

// GatewayAPIObject is an object of the Kubernetes Gateway API, as the type that
// istiod reads.
type GatewayAPIObject struct {
	runtime.Object
	Resource schema.GroupVersionResource
}

// Namespace is where the object lies.
func (o GatewayAPIObject) Namespace() string { return o.Object.(metav1.Object).GetNamespace() }

// typed is what all of Kubernetes' typed objects are.
type typed interface {
	runtime.Object
	metav1.Object
}

// gatewayAPIKinds are those that istiod makes routes and rules of, each with
// its type; all versions of one kind have the same fields.
var gatewayAPIKinds = map[string]struct {
	resource schema.GroupVersionResource
	made     func() typed
}{
	"Gateway":               {gvr.KubernetesGateway, func() typed { return &gatewayv1.Gateway{} }},
	"HTTPRoute":             {gvr.HTTPRoute, func() typed { return &gatewayv1.HTTPRoute{} }},
	"GRPCRoute":             {gvr.GRPCRoute, func() typed { return &gatewayv1.GRPCRoute{} }},
	"TCPRoute":              {gvr.TCPRoute, func() typed { return &gatewayv1.TCPRoute{} }},
	"TLSRoute":              {gvr.TLSRoute, func() typed { return &gatewayv1.TLSRoute{} }},
	"BackendTLSPolicy":      {gvr.BackendTLSPolicy, func() typed { return &gatewayv1.BackendTLSPolicy{} }},
	"XBackendTrafficPolicy": {gvr.XBackendTrafficPolicy, func() typed { return &gatewayx.XBackendTrafficPolicy{} }},
}

// addGatewayAPI leaves out what is for another revision: istiod's test server
// has none, and reads that, too.
func (m *manifests) addGatewayAPI(object json.RawMessage, head *envelope) error {
	kind, known := gatewayAPIKinds[head.Kind]
	revision := head.Metadata.Labels[revisionLabel]
	if !known || revision != "" && revision != defaultRevision {
		m.notes = append(m.notes, head.Kind+" "+head.Metadata.Name+" isn't judged")
		return nil
	}
	read := kind.made()
	if err := json.Unmarshal(object, read); err != nil {
		return fmt.Errorf("reading %s %s/%s: %w", head.Kind, head.Metadata.Namespace, head.Metadata.Name, err)
	}
	read.GetObjectKind().SetGroupVersionKind(kind.resource.GroupVersion().WithKind(head.Kind))
	read.SetNamespace(namespaceOf(read.GetNamespace()))
	if created.Time.After(read.GetCreationTimestamp().Time) {
		read.SetCreationTimestamp(created)
	}
	m.gatewayAPI = append(m.gatewayAPI, GatewayAPIObject{Object: read, Resource: kind.resource})
	return nil
}
