package istiod

import (
	"fmt"
	"iter"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	metadatafake "k8s.io/client-go/metadata/fake"
	clienttesting "k8s.io/client-go/testing"
	"sigs.k8s.io/gateway-api/pkg/consts"

	networking "istio.io/api/networking/v1alpha3"
	networkingclient "istio.io/client-go/pkg/apis/networking/v1"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/config/schema/gvr"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient/clienttest"
	"istio.io/istio/pkg/test"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
)

// XBackendTrafficPolicy counts only where this is set, and no manifest says
// that it isn't.
func init() { features.EnableAlphaGatewayAPI = true }

// bundleVersion is a release of the Gateway API of which istiod reads all
// kinds.
const bundleVersion = "v1.6.0"

// addGatewayAPI puts the objects of the Gateway API where istiod looks for
// them, with CRDs that it doesn't take for too old.
func addGatewayAPI(t test.Failer, made kube.Client, c *cluster.Cluster) {
	if len(c.GatewayAPI) == 0 {
		return
	}
	metadata := made.Metadata().(*metadatafake.FakeMetadataClient)
	for _, verb := range []string{"create", "update"} {
		metadata.PrependReactor(verb, gvr.CustomResourceDefinition.Resource, annotate)
	}
	clienttest.MakeCRD(t, made, gvr.BackendTLSPolicy)
	clienttest.MakeCRD(t, made, gvr.XBackendTrafficPolicy)
	for _, object := range c.GatewayAPI {
		track(made.GatewayAPI(), object.Resource, object.Object, object.Namespace())
	}
	addServiceEntries(made, c)
}

// annotate gives a CRD its release before it is stored.
func annotate(action clienttesting.Action) (bool, runtime.Object, error) {
	if changing, changes := action.(interface{ GetObject() runtime.Object }); changes {
		if crd, isCRD := changing.GetObject().(*metav1.PartialObjectMetadata); isCRD {
			crd.Annotations = map[string]string{consts.BundleVersionAnnotation: bundleVersion}
		}
	}
	return false, nil, nil
}

// addServiceEntries shows those of the configuration in Kubernetes, too, where
// routes and policies look for what they are attached to.
func addServiceEntries(made kube.Client, c *cluster.Cluster) {
	for _, config := range c.Configs {
		if entry, isEntry := config.Spec.(*networking.ServiceEntry); isEntry {
			shown := &networkingclient.ServiceEntry{ObjectMeta: metav1.ObjectMeta{
				Name: config.Name, Namespace: config.Namespace, Labels: config.Labels,
				CreationTimestamp: metav1.NewTime(config.CreationTimestamp),
			}}
			entry.DeepCopyInto(&shown.Spec)
			track(made.Istio(), gvr.ServiceEntry, shown, config.Namespace)
		}
	}
}

// track adds an object to a fake client, under the resource that it is: the
// client would guess it wrong.
func track(client any, resource schema.GroupVersionResource, object runtime.Object, namespace string) {
	tracker := client.(interface {
		Tracker() clienttesting.ObjectTracker
	}).Tracker()
	if err := tracker.Create(resource, object, namespace); err != nil {
		panic(fmt.Sprintf("adding an object: %v", err))
	}
}

// rounds are the pushes after which istiod has settled: what it makes of the
// Gateway API depends on what it pushed before.
func (s *Server) rounds() iter.Seq[int] {
	return func(yield func(int) bool) {
		for round := range 3 {
			if !yield(round) || len(s.Cluster.GatewayAPI) == 0 {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}
