//go:build linux

package dataplane

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/url"
	"time"
)

// authority is a certificate authority made for one run. Its key, and those
// of the certificates that it signs, exist in memory only.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// identity is a certificate with its key.
type identity struct {
	chain []byte
	key   *ecdsa.PrivateKey
}

func newAuthority(name string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := newTemplate(name)
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(signed)
	if err != nil {
		return nil, err
	}
	return &authority{certificate, key}, nil
}

func newTemplate(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Organization: []string{name}},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(day),
	}
}

// day is how long istiod's certificates are valid.
const day = 24 * time.Hour

// workload signs the certificate that istiod would, a SPIFFE identity, with
// the time that is left of it.
func (a *authority) workload(spiffe string, left time.Duration) (*identity, error) {
	uri, err := url.Parse(spiffe)
	if err != nil {
		return nil, err
	}
	template := newTemplate("")
	template.Subject = pkix.Name{}
	template.NotAfter = time.Now().Add(left)
	template.URIs = []*url.URL{uri}
	return a.sign(template)
}

// host signs a certificate for a name in DNS.
func (a *authority) host(name string) (*identity, error) {
	template := newTemplate("application")
	if name != "" {
		template.DNSNames = []string{name}
	}
	return a.sign(template)
}

func (a *authority) sign(template *x509.Certificate) (*identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	signed, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	return &identity{signed, key}, nil
}

func (a *authority) pem() string { return pemOf("CERTIFICATE", a.certificate.Raw) }

func (i *identity) pem() string { return pemOf("CERTIFICATE", i.chain) }

func (i *identity) keyPEM() (string, error) {
	key, err := x509.MarshalPKCS8PrivateKey(i.key)
	return pemOf("PRIVATE KEY", key), err
}

func (i *identity) tls() *tls.Certificate {
	return &tls.Certificate{Certificate: [][]byte{i.chain}, PrivateKey: i.key}
}

func pemOf(kind string, bytes []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
}
