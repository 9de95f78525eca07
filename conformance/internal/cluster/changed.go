package cluster

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/gvk"
)

// applied is when everything was made that a change adds without saying so:
// after all that was there.
var applied = metav1.NewTime(created.Add(time.Hour))

// Changed makes the cluster after other manifests have been applied to it in
// place of its own. What was there keeps its age, if its manifest said one, as
// the API server has it. While a change is rolled out, the same pods and
// machines run under both states: another pod is an error.
func (c *Cluster) Changed(objects []json.RawMessage) (*Cluster, error) {
	read, err := read(objects, c.Domain)
	if err != nil {
		return nil, err
	}
	c.age(read)
	changed, err := of(read, Facts{ClusterDomain: c.Domain, IstiodEnv: c.IstiodEnv, OnePod: c.onePod, LastSlice: c.lastSlice})
	if err != nil {
		return nil, err
	}
	return changed, c.runsAlso(changed)
}

// age gives manifests the times of what they are applied to.
func (c *Cluster) age(read *manifests) {
	configs, services := map[string]metav1.Time{}, map[string]metav1.Time{}
	for _, config := range slices.Concat(c.Configs, c.Unwatched) {
		configs[keyOf(config)] = metav1.NewTime(config.CreationTimestamp)
	}
	for _, service := range c.Services {
		services[namespaceOf(service.Namespace)+"/"+service.Name] = service.CreationTimestamp
	}
	for index := range read.configs {
		own := &read.configs[index]
		own.CreationTimestamp = ageOf(configs, keyOf(*own), metav1.NewTime(own.CreationTimestamp)).Time
	}
	for _, service := range read.services {
		service.CreationTimestamp = ageOf(services, namespaceOf(service.Namespace)+"/"+service.Name, service.CreationTimestamp)
	}
}

// ageOf is the age of an object that had one, or of a new one. Where only the
// later manifest says when it was made, as between a repository and what a
// cluster has of it, that is how old it is.
func ageOf(known map[string]metav1.Time, key string, own metav1.Time) metav1.Time {
	isDated := !own.IsZero() && !own.Equal(&created)
	before, isKnown := known[key]
	switch {
	case isKnown && !(isDated && before.Equal(&created)):
		return before
	case isDated:
		return own
	default:
		return applied
	}
}

// runsAlso says whether the same pods and machines run in another state, with
// the same proxies.
func (c *Cluster) runsAlso(other *Cluster) error {
	if !proto.Equal(c.MeshConfig, other.MeshConfig) || !proto.Equal(c.Networks, other.Networks) {
		return fmt.Errorf("the states have several mesh configs")
	}
	if len(c.Workloads) != len(other.Workloads) {
		return fmt.Errorf("the states have %d and %d workloads", len(c.Workloads), len(other.Workloads))
	}
	for index, workload := range c.Workloads {
		same := other.Workloads[index]
		if workload.Injection != same.Injection || !equality.Semantic.DeepEqual(workload.Pods(), same.Pods()) {
			return fmt.Errorf("the states have several pods of %s %s/%s", workload.Kind, workload.Namespace, workload.Name)
		}
	}
	if !maps.EqualFunc(c.machines(), other.machines(), isSameMachine) {
		return fmt.Errorf("the states have several WorkloadEntries")
	}
	return nil
}

// machines are the WorkloadEntries by name.
func (c *Cluster) machines() map[string]config.Config {
	found := map[string]config.Config{}
	for _, own := range slices.Concat(c.Configs, c.Unwatched) {
		if own.GroupVersionKind == gvk.WorkloadEntry {
			found[keyOf(own)] = own
		}
	}
	return found
}

func isSameMachine(one, other config.Config) bool {
	return maps.Equal(one.Labels, other.Labels) && proto.Equal(one.Spec.(*networking.WorkloadEntry), other.Spec.(*networking.WorkloadEntry))
}

// keyOf tells a config apart from all others.
func keyOf(config config.Config) string {
	return config.GroupVersionKind.String() + "/" + config.NamespacedName().String()
}
