// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// A certificate authority for tests that gives certificates as Fulcio does: for ten minutes, with
/// the e-mail address and who vouched for it.
final class TestAuthority {
  private static final AlgorithmIdentifier ECDSA =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  private static final X500Name NAME = new X500Name("CN=authority");

  private final KeyPair own;
  private final String pem;

  TestAuthority() throws Exception {
    own = TestSigner.ecKey();
    var extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    var start = Instant.now().minus(Duration.ofDays(1000));
    pem = signed(own, NAME, extensions, start, Duration.ofDays(2000));
  }

  /// {@return the authority's own certificate}
  String pem() {
    return pem;
  }

  String certificate(KeyPair key, String email, String issuer, Instant from) throws Exception {
    var extensions = new ExtensionsGenerator();
    extensions.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning));
    extensions.addExtension(
        Extension.subjectAlternativeName,
        true,
        new GeneralNames(new GeneralName(GeneralName.rfc822Name, email)));
    extensions.addExtension(
        new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1.1"),
        false,
        issuer.getBytes(StandardCharsets.UTF_8));
    extensions.addExtension(
        new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1.8"), false, new DERUTF8String(issuer));
    return signed(key, new X500Name(new RDN[0]), extensions, from, Duration.ofMinutes(10));
  }

  private String signed(
      KeyPair key, X500Name subject, ExtensionsGenerator extensions, Instant from, Duration life)
      throws Exception {
    var generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(BigInteger.valueOf(System.nanoTime())));
    generator.setSignature(ECDSA);
    generator.setIssuer(NAME);
    generator.setSubject(subject);
    generator.setStartDate(new Time(Date.from(from)));
    generator.setEndDate(new Time(Date.from(from.plus(life))));
    generator.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()));
    generator.setExtensions(extensions.generate());
    var body = generator.generateTBSCertificate();
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(own.getPrivate());
    signer.update(body.getEncoded());
    var all = new ASN1EncodableVector();
    all.add(body);
    all.add(ECDSA);
    all.add(new DERBitString(signer.sign()));
    return TestSigner.pem("CERTIFICATE", new DERSequence(all).getEncoded());
  }
}
