package coffer.attack;

import static coffer.attack.Catalogue.Standing.DOES_NOT_APPLY;
import static coffer.attack.Catalogue.Standing.HELD;
import static coffer.attack.Catalogue.Standing.OPEN;

import java.util.List;

/// Every published way to attack a cloud of this kind that is known to us, A1 to A100, and how this one stands against it.
///
/// Attacks name their entries with [Tries]; tests of other modules that try the same are named here. `docs/attacks.md` is made from both.
final class Catalogue {

    enum Standing {
        HELD("held"),
        DOES_NOT_APPLY("does not apply"),
        OPEN("open");

        private final String words;

        Standing(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /// @param tries in a sentence
    /// @param why   what is missing, or why it does not apply; may be empty for what is held
    /// @param tests `Class.method` of tests outside this module
    record Item(int number, String tries, Standing standing, String why, List<String> tests) {
        String name() {
            return "A" + number;
        }
    }

    private Catalogue() {}

    private static Item held(int number, String tries, String... tests) {
        return new Item(number, tries, HELD, "", List.of(tests));
    }

    private static Item heldSo(int number, String tries, String how, String... tests) {
        return new Item(number, tries, HELD, how, List.of(tests));
    }

    private static Item open(int number, String tries, String why, String... tests) {
        return new Item(number, tries, OPEN, why, List.of(tests));
    }

    private static Item not(int number, String tries, String why, String... tests) {
        return new Item(number, tries, DOES_NOT_APPLY, why, List.of(tests));
    }

    static List<Item> items() {
        return java.util.stream.Stream.of(KEYS, LOGS, PROVIDERS, NETWORK, MEMBERS, MACHINES, TENANTS, CRYPTOGRAPHY, REST)
                .flatMap(List::stream)
                .toList();
    }

    private static final List<Item> KEYS = List.of(
            open(1, "The service hands out its own key as that of the person one shares with.",
                    "Sharing with others does not exist yet. Keys of one's own devices come from the signed log alone (A2, A5).",
                    "AccountStateTest.apply_refusesAGhostDevice"),
            held(2, "The service adds a device, or a member, that nobody let in.", "AccountStateTest.apply_refusesAGhostDevice"),
            open(3, "The service shows two people two directories.",
                    "Devices that exchange a commit notice; the transparency log is not independently witnessed.",
                    "TransparencyTest.aSplitView_isForkAsSoonAsACommitCrosses", "LogWatchTest.anotherViewThatAnotherDeviceWasShown_isFork"),
            held(4, "The service says that there are no keys yet, or gives others, to have new ones made.",
                    "VaultSyncTest.aLogThatIsShownEmptyToADeviceThatHasNothingOfIt_isNoLog",
                    "VaultSyncTest.anotherAccountsLog_isRefused_andNothingOfItIsKept"),
            held(5, "The service replaces a vault's key by one that it knows.", "WrappingTest.unwrapSecret_refusesEveryOtherContext",
                    "KeysTest.commitment_differsForEverySecretAndEqualsTheStaticForm"),
            held(6, "The service serves the key from before a removal again.", "VaultStateTest.apply_refusesAnEpochMadeForTheOldGeneration"),
            held(7, "The service changes sealed keys and learns from how the device reacts.",
                    "WrappingTest.unwrap_refusesAnotherKeyAndEveryChangedByte"),
            held(8, "Failures differ for the outside by what went wrong, which decrypts bit by bit.",
                    "SealingTest.openException_saysIntegrityAndNothingElse"),
            held(9, "The service plants files that the person never wrote.", "VaultSyncTest.anEntryByAStrangerIsRefusedAndChangesNothing"),
            held(10, "Keys of a special form: all zeros, small order, out of range.",
                    "SignatureTest.verifyKey_refusesSmallOrderAndNonCanonicalKeys", "WrappingTest.unwrap_refusesAnEncapsulationWithTheZeroPoint",
                    "WrappingTest.isPublicKey_refusesOtherSizesAndCoefficientsOutOfRange", "SecretTest.of_refusesEveryOtherSizeAndAllZero"),
            heldSo(11, "The service, or who has the disk, asks for a cheap derivation of the password.",
                    "The service has no part in any: the one passphrase is that of a device's own file, whose cost is held to limits both ways.",
                    "PassphraseSealTest.read_refusesWhatIsCheapToTryAndWhatWouldKeepTheMachineBusy"),
            held(12, "Data is marked as of an older or unknown suite.", "EntryTest.decode_namesAnUnknownSuite"),
            held(13, "A flag, or a field left out, makes a device send or take open content.", "ArchitectureTest.module_reachesOnlyWhatItsArrowsAllow"),
            held(14, "What was made for one purpose is taken for another.", "SealingTest.open_refusesAnotherKeyLabelOrContext",
                    "SignatureTest.verify_acceptsOnlyTheSameLabelAndDataUnderTheSameKey"),
            held(15, "The service stands between two devices that join.", "DecoderFuzzTest.joinMessages_openOnlyAsSealed"),
            open(16, "A person is tricked into letting in a stranger's device.",
                    "The one who approves sees the name and confirms; every device lists it and can remove it. A person who says yes to a stranger has let a stranger in."),
            heldSo(17, "The service pushes keys that nobody asked for, or asks for keys.",
                    "There is no message for it: keys stand in signed entries alone, and no device answers requests for keys.",
                    "WrappingTest.unwrapSecret_refusesEveryOtherContext"),
            open(18, "The service hides a removal from a device, which goes on writing for the removed one.",
                    "A device that is shown nothing new cannot know. What it writes does not fit the log of those who know (A66). It says that news is old only after 30 days"
                            + " in which nothing came of the others (A23), and does not list what it wrote in between.",
                    "VaultStateTest.apply_refusesTheRemovedDeviceUnderItsOldHeadOnceTheEpochIsNew"),
            open(19, "At recovery the service shows an older account.",
                    "Paper remembers no head: the newest log that the service shows is believed. Another person's account is refused.",
                    "AccountStateTest.begin_refusesAGenesisThatTheRecoveryKeyDidNotSign"));

    private static final List<Item> LOGS = List.of(
            held(20, "The service shows a device an older state than it has seen.",
                    "VaultSyncTest.aServiceThatGoesBackAndTakesNothing_isNotFollowed_andWritingStopsUntilItHasAllAgain"),
            held(21, "The service shows two devices two histories.", "VaultSyncTest.twoHistoriesAreNoticedAndTheOneSeenIsKept"),
            heldSo(22, "The service shows an older state to a device that joins.", "With the words alone: A19."),
            heldSo(23, "The service says for ever that there is nothing new.",
                    "It cannot be prevented. `status` says when nothing has come for 30 days of any other device that writes, and nothing is deleted or released on that ground."),
            held(24, "Entries are left out, swapped, repeated, replayed, or come from another log.",
                    "VaultStateTest.apply_refusesEveryDropSwapAndRepetitionOfAChain",
                    "AccountStateTest.apply_refusesAnEntryThatIsRepeatedSkippedOrOfAnotherAccount", "StoredStateTest.anyChangeOfAnythingStored_isSaid_andNothingUntrueIsShown"),
            held(25, "The service lies about whether an append was taken.", "VaultSyncTest.anAppendWhoseAnswerWasLostIsNotMadeTwice",
                    "VaultSyncTest.anAppendThatWasLostIsMadeAgain"),
            held(26, "Names, sizes or times of items are swapped or edited.", "EntryTest.anyChangedByteIsRefused", "StoredStateTest.anyChangeOfAnythingStored_isSaid_andNothingUntrueIsShown"),
            held(27, "The service says who may do what.", "VaultStateTest.apply_refusesAReadOnlyDeviceThatCommits",
                    "VaultStateTest.apply_refusesAnAccountThatIsNoMember"),
            held(28, "A snapshot is forged, incomplete or of something else.", "SnapshotsTest.snapshotOfAnotherState_isPassedOver",
                    "SnapshotsTest.snapshotOfNonsense_isPassedOver", "SnapshotsTest.snapshotWithADamagedPack_isPassedOver", "RulesFuzzTest.stateOfASnapshot"),
            held(29, "The service hides references so that packs in use are released.", "CollectTest.random_nothingThatIsNeededIsEverReleased_andInTheEndNothingStays",
                    "CollectTest.chunkThatComesToBeNeeded_whileItsPackIsBeingReleased_keepsIt"),
            held(30, "Clocks jump, or entries claim wrong times.", "CollectTest.clockThatJumps_deletesNothing",
                    "LogTimesTest.timesToCome_areNotBelieved_howeverManyThereAre", "ReplicaTest.trustedClock_isNotMovedFarByOneStepOfTheWallClock"),
            held(31, "The service names addresses to which content or requests go.", "TransfersTest.redirect_isNotFollowed",
                    "TransfersTest.placeOutsideTheRegion_getsNothing"),
            held(32, "Answers are huge, deep, endless, or drip.", "HttpExchangeTest.anAnswerThatDrips_isGivenUp",
                    "HttpExchangeTest.anAnswerThatStops_isGivenUp", "HttpExchangeTest.anAnswerWithoutEnd_isLimit", "LogWatchTest.aLogWithoutEnd_isLimit_andNothingOfItIsKept"),
            held(33, "What is signed and what is read differ.", "CborTest.anyAcceptedBytes_encodeToThemselves",
                    "CborTest.allInputsOfUpToTwoBytes_areRefusedOrEncodeToThemselves"));

    private static final List<Item> PROVIDERS = List.of(
            held(34, "The provider flips bits, cuts and appends.", "PackTest.everyChangedByteOfASmallPack_isRefused",
                    "ChunkCodecTest.open_rejectsEveryFlippedByteAndEveryCut", "TransfersTest.answerOfAnotherLength_isNotTakenForThePack", "StoredStateTest.anyChangeOfAnythingStored_isSaid_andNothingUntrueIsShown"),
            held(35, "The provider swaps objects or pieces of them.", "ChunkCodecTest.open_rejectsChunkUnderAnotherId",
                    "PackTest.contents_refuseTheIndexOfAnotherPackThatDoesNotFitTheFooter"),
            heldSo(36, "The provider answers with an older version.", "Objects have one version: their name is their SHA-256.",
                    "ObjectNameTest.ofContent_isTheSha256OfTheBytes"),
            held(37, "The provider loses what is seldom read.", "ProviderLifeTest.twoCopies_goToTwoOwners_andDamageHealsFromTheOther",
                    "VerifyTest.missingPack_isReportedWithItsFiles_andPuttingThemAgainHeals"),
            held(38, "The provider says that it stored what it did not, and lists what it does not have.",
                    "PackApiTest.aCommitOfAPackThatIsNotStored_is422AndNamesIt", "FaultsTest.anObjectThatIsAcknowledgedAndNotStored_failsDurability"),
            held(39, "Wrong ranges, lengths, codings, redirects.", "S3StoreAgainstBadServersTest.getOfARange_answeredAsAnother_isCorrupt",
                    "S3StoreAgainstBadServersTest.get_ofEncodedBytes_isCorrupt", "S3StoreAgainstBadServersTest.aRedirect_isNotFollowed"),
            held(40, "A digest, type, name or length of the content lies beside the object."),
            held(41, "One object opens under two keys to two contents.",
                    "SealingTest.open_refusesAMessageWhoseSegmentsFitTwoKeysButWhoseCommitmentFitsOne"),
            held(42, "Equal content is recognised by equal objects.", "SealingTest.seal_neverRepeatsASalt",
                    "ChunkCodecTest.id_isHmacOfTheContentUnderTheVaultsKey"),
            held(43, "An upload that is skipped tells that somebody else has the file."),
            open(44, "Lengths of chunks give away the chunker's secret, and then known files.",
                    "Chunks are padded and lie in packs; each vault cuts by its own secret. The published classifiers were not run against it.",
                    "ChunkerTest.cut_differsFromVaultToVault"),
            open(45, "Sizes and order of small files recognise known folders.",
                    "Packs and bodies are padded to within 12 %, which leaves half of 126,000 files, each stored alone, among 1,297 or more of one size, and 0.02 % alone (threat model); a series of"
                            + " sizes says more. The order within packs is that of the folder.",
                    "PadmeTest.paddedSize_neverShrinksNeverExceedsTwelvePercentAndIsAFixedPoint"),
            open(46, "Chosen content in the same compressed or deduplicated unit measures a secret.",
                    "Each chunk is compressed alone and sizes are padded; one who can write into the vault can still see whether it has a chunk. Not measured.",
                    "FrameTest.write_isNotTakenInByACompressibleHeader"),
            open(47, "The provider keeps what was deleted.", "Deleting is a request; what was removed stays readable to who has the keys and a copy."),
            open(48, "Which packs are read, and when, tells what is looked at.", "Not hidden; said in the threat model."));

    private static final List<Item> NETWORK = List.of(
            held(49, "TLS is not verified on some path.", "TlsTest.aCertificateForAnotherAddress_isRefused",
                    "TlsTest.aDeviceThatWasNotGivenIt_refuses_andSaysHowToGiveIt", "TlsTest.anotherCertificateThanTheOneKept_isRefused_andTheReplicaStillAnswers"),
            held(50, "Signed requests are replayed or relayed.", "SignInTest.aSignatureForAnotherOrigin_isRefused",
                    "SignInTest.aChallengeUsedBefore_isRefused", "LogApiTest.theSameAppendAgain_isTheSameAnswer"),
            held(51, "Connections are cut; a web page answers for the service.", "SyncRulesTest.folderThatIsNotThere_isNotAnEmptyOne"),
            open(52, "The secret of a shared link leaks.", "There are no links yet."));

    private static final List<Item> MEMBERS = List.of(
            held(53, "A name leads out of the folder.", "FetchTest.hostileNames_neverLeaveTheFolder",
                    "BodiesTest.decode_refusesNamesThatNoWriterWouldWrite"),
            held(54, "A link leads out of the folder, and something is written or read through it.",
                    "FetchTest.linkInPlaceOfAFolder_isNotFollowed", "DiskFolderTest.noLinkIsFollowed_inAnyPlaceOfAPath"),
            held(55, "Two names are one on some disk.", "SyncRulesTest.namesThatADiskTakesForOne_areBothThere_andTheVaultKeepsTheirNames",
                    "IngestTest.namesThatAreEqualInUnicode_areBothKept"),
            heldSo(56, "A name is reserved on some platform.", "Against the rules of those disks, on Linux; Windows itself is untested.",
                    "SyncRulesTest.namesThatADiskCannotHold_areEscaped_andComeBackAsTheyWere"),
            heldSo(57, "Special files, modes, owners, attributes.", "A node is a file, folder or link; of its mode only whether it may be run is kept.",
                    "IngestTest.whatCannotBeRead_isReported_andTheRestGoesOn", "BodiesTest.commit_comesBackAndChangedBytesAreRefusedOrCanonical"),
            held(58, "A name acts on the terminal that shows it.", "ShownTest.name_thatActsOnATerminal_isEscaped",
                    "ShownTest.name_ofAnything_holdsNoControlCharacter", "JsonTest.line_neverHoldsControlCharactersOrHalvesOfPairs"),
            open(59, "Content acts where it lands.",
                    "Other people's files do not exist yet but in mail and downloads: attachments leave through a browser, which marks them; files of one's own are not marked as come from elsewhere."),
            held(60, "Trees that are too deep, in circles, too many operations, impossible sizes.", "ReplicaTest.put_ofAFolderBelowItself_isVoid",
                    "ReplicaTest.put_deeperThanTheLimit_isVoid_alsoByMovingAFolder", "BodiesTest.commit_refusesTooManyOperations", "RulesFuzzTest.rulesOfTrees"),
            held(61, "A small chunk inflates without end.", "FrameTest.read_refusesAFrameThatInflatesBeyondWhatItDeclares",
                    "FrameTest.read_refusesWhatIsLongerThanItMayBe"),
            held(62, "A member floods the log or uses up the room.", "RateApiTest.oneAccountsFlood_doesNotStopAnother",
                    "PackApiTest.quota_boundsWhatIsGranted", "PackApiTest.aFullAccount_mayStillReleaseButNotWriteOn"),
            held(63, "A change appears to be somebody else's.", "AccountStateTest.apply_refusesAnEntrySignedByAnotherKeyThanItNames", "DecoderFuzzTest.rulesOfLogs"),
            held(64, "Members see different content under one name.", "SealingTest.open_refusesAMessageWhoseSegmentsFitTwoKeysButWhoseCommitmentFitsOne",
                    "ChunkCodecTest.open_rejectsContentThatIsNotWhatTheIdNames"),
            held(65, "A removed device goes on reading.", "VaultSyncTest.aRemovedDeviceCannotOpenWhatComesAfter", "SignInTest.aRemovedDevice_isRefusedAtOnce"),
            heldSo(66, "A removed device goes on writing, or claims to have written before.",
                    "Until the vault's next epoch, which the removal itself appends, a service that helps it can append; said in the threat model.",
                    "VaultStateTest.apply_refusesTheRemovedDeviceUnderItsOldHeadOnceTheEpochIsNew"),
            held(67, "Somebody does more than their role allows.", "VaultStateTest.apply_refusesAReadOnlyDeviceThatCommits",
                    "VaultStateTest.apply_refusesAnAppendOnlyDeviceThatReleasesPacks", "LogApiTest.entriesByADeviceWithoutTheRight_are422",
                    "PackApiTest.aReadOnlyDevice_getsNoUploads"),
            heldSo(68, "Removals, invitations and new keys race.",
                    "Between the devices of an account one append wins and the others start again; members of other accounts do not exist yet.",
                    "LogStorageContract.append_hasExactlyOneWinnerForEachSequence", "VaultSyncTest.anEpochLeftPendingByACrashIsStartedBeforeTheNextCommit"),
            held(69, "A commit names packs that are not there, or others'.", "PackApiTest.packsOfAnotherVault_areAnsweredLikeNone",
                    "FetchTest.damageOfAllCopies_isToldForTheFileAndTheRestComes"),
            heldSo(70, "Nonsense is stored under the name of content that somebody is about to store.",
                    "Wrong bytes are never handed out; `verify --full` finds them and putting the file again heals. Before a device lets go of its own copy it reads back what others stored.",
                    "SyncFoldersTest.whatOthersStored_isReadBackBeforeItGoesFromThisDisk_andStaysIfItDoesNotOpen"),
            open(71, "Unwanted shares are planted.", "Sharing does not exist yet."),
            open(72, "A stolen device removes or rewrites everything.",
                    "Removals go to the trash for 30 days and `rewind` undoes rewriting, but a device with all rights can also empty the trash and release packs, and nothing brings back what was purged,"
                            + " though the service keeps released packs for some days. Devices that may only append are in the log's rules and in no command yet.",
                    "CollectTest.trash_isKeptForThirtyDays_thenItsPacksGo", "ReplicaTest.appendOnlyDevice_addsAndChangesNothing", "SyncRulesTest.muchAtOnce_needsConsent_untilItIsGiven"));

    private static final List<Item> MACHINES = List.of(
            held(73, "Another user of the machine reads keys or tokens.", "ProcessTest.commands_speakToOneAgent_whichOnlyTheOwnerCanFind"),
            heldSo(74, "Open content stays behind in temporary files.",
                    "What is open in the home for a moment lies in one folder, which is emptied when the device is opened. What `get`, `rebuild` and sync write is the person's; names"
                            + " and lists of mail are in the home's databases, for the owner alone.",
                    "ResidueTest.aDeviceThatIsKilled_leavesNoOpenContent"),
            heldSo(75, "Links and folders are swapped while files are written.",
                    "In synced folders, on Linux, where every step goes through folders that are held open; `get` and `put` look for links before they write and read,"
                            + " and whoever may rename in the folder that one names to them can be faster.",
                    "DiskFolderTest.linksAndFoldersThatChangePlaces_leadNowhereElse", "DiskFolderTest.noLinkIsFollowed_inAnyPlaceOfAPath"),
            held(76, "A web page, another user or somebody in the home network drives the agent.",
                    "GuardTest.check_refusesAPageWhoseNameWasReboundToLoopback", "GuardTest.check_refusesAPageOfAnotherOrigin",
                    "GuardTest.check_refusesAWrongToken", "PhoneServerTest.aTicketAlone_opensNothing",
                    "PhoneServerTest.calls_underAnotherName_areRefused_soThatNoReboundPageGetsIn",
                    "PhoneServerTest.aRemovedPhone_isOutAtOnce_andWhatItHearsEnds"),
            heldSo(77, "Secrets end in logs and dumps.", "After every attack the logs of all levels are searched as well.",
                    "SecretTest.everyHolderOfSecrets_printsRedacted", "AgentServerTest.aFaultOfOurs_isToldWithoutItsMessage"),
            heldSo(78, "A copy of a device is at work beside it.",
                    "Both say so, and so does a device whose home was put back; nothing is lost and no key and salt repeat. Which of both it is, a person must know.",
                    "VaultSyncTest.anEntryInThisDevicesName_thatItDidNotMake_isToldUntilAPersonHasSeenIt"),
            held(79, "A device's own state is older, damaged or gone.", "VaultSyncTest.keptLogsAreVerifiedAnew_andWhatWasChangedOnTheDiskIsFound"),
            heldSo(80, "The machine is stolen.",
                    "Where a passphrase is set and the device is locked; else its keys are as safe as the disk's encryption, as names in the home and synced folders always are (threat model)."
                            + " Removing the device ends what it can read (A65).",
                    "PassphraseTest.keysOfADeviceWithAPassphrase_openWithItAlone_andLieNowhereOpen", "PassphraseTest.whatAnInterruptedChangeLeft_isInNobodysWay",
                    "PassphraseTest.anySealedFileWithAFlippedByte_isRefused"));

    private static final List<Item> TENANTS = List.of(
            held(81, "Another account's ids are asked for.", "LogApiTest.anotherAccountsLogs_areNotThere",
                    "LogApiTest.anotherAccountsVault_cannotBeBegunForIt", "PackApiTest.packsOfAnotherVault_areAnsweredLikeNone"),
            held(82, "A grant is used for something else, longer, or again.", "PackApiTest.grants_areForOneObjectMethodSizeAndTime",
                    "BlobGrantsTest.verify_withOneCharacterOfTheGrantChanged_isRefused", "S3GrantsTest.upload_ofOtherBytes_isRefused_andStoresNothing",
                    "ServiceOperationTest.shortSecret_isRefused"),
            held(83, "The quota is got round.", "LogStorageContract.reserve_byManyAtOnceNeverExceedsTheQuota",
                    "PackApiTest.packsThatWereNeverCommitted_areDeletedAfterTheirGrace"),
            not(84, "The service is made to connect to where a user says.", "It connects to what its operator configured, and to nothing that a request names."),
            held(85, "User data forges lines of the service's log.", "LogInjectionTest.whatUsersSend_isInNoLineOfTheLog"),
            held(86, "Looking up tells who has an account.", "SignInTest.unknownAccountsAndDevices_areAnsweredAlike",
                    "RateApiTest.anAddressThatAsksTooOften_is429WithRetryAfter"),
            held(87, "One tenant takes the service away from the others.", "RateApiTest.oneAccountsFlood_doesNotStopAnother",
                    "EventApiTest.streamsOfOneDevice_areBounded", "PackApiTest.aSlowSender_isCutAndLeavesNothing", "SignInTest.largeBodies_are413_andOtherMediaTypes415"),
            heldSo(88, "The operator restores a backup.", "Unless the transparency log went back as well; said in the threat model.",
                    "VaultSyncTest.whatAServiceLost_isGivenBackAsItWas_inBothLogs"));

    private static final List<Item> CRYPTOGRAPHY = List.of(
            heldSo(89, "A key and nonce are used twice.",
                    "Every message has a salt and so a key of its own; the salt depends on random bytes, content and place, so that a generator that repeats itself gives equal messages and"
                            + " nothing else.",
                    "SealingTest.seal_neverRepeatsASalt", "SealingTest.seal_withAGeneratorThatRepeatsItself_neverGivesTwoMessagesOneSalt"),
            held(90, "One key serves two purposes.", "SecretTest.labels_arePrefixFreeAmongAllThatTheProjectUses", "SignatureTest.labels_areUniqueAndNoneBeginsAnother"),
            heldSo(91, "One message tries many passwords at once.", "Sealing commits to the key; one key comes from a passphrase, that of a device's own file.",
                    "SealingTest.open_refusesAMessageWhoseSegmentsFitTwoKeysButWhoseCommitmentFitsOne"),
            held(92, "Content is released before it was verified.", "SealingTest.open_failingLateLeavesNoPlaintextBehind",
                    "ChunkedEncryptionTest.publishedVectors_openAndSealAsTheySay"),
            held(93, "The hybrid key encapsulation is put together wrongly.", "HpkeVectorsTest.publishedVector_sealsAndExportsAsItSays",
                    "HpkeVectorsTest.jdk_decapsulatesWhatTheWrappingEncapsulates", "WrappingTest.unwrap_refusesAnotherKeyAndEveryChangedByte"),
            held(94, "A weak signing key makes one signature fit many messages.", "SignatureTest.verifyKey_refusesSmallOrderAndNonCanonicalKeys"),
            held(95, "Recovery words are mistyped, short, or checked by the service.", "RecoveryKeyTest.parse_refusesAnotherWordInOnePlaceAndTwoSwapped",
                    "RecoveryKeyTest.parse_saysWhichWordIsNotOnTheList", "RecoveryKeyTest.parse_refusesTheAllZeroKey"));

    private static final List<Item> REST = List.of(
            open(96, "An update brings other code.", "There are no releases and no updates yet; dependencies are pinned by version."),
            open(97, "The service sends code to a browser.", "There is no hosted web client. The pages of the agent come with the program.",
                    "ReportTest.thePage_isWellFormed_hasNoScripts_andLoadsNothing"),
            not(98, "Who uses it, when, how much.", "Out of scope, and said so: traffic analysis."),
            not(99, "Service and all providers destroy everything together.", "Out of scope: nobody can force a party to keep serving. `coffer rebuild` needs any one copy of the packs and the words."),
            not(100, "The device itself is hostile.", "Out of scope: it sees everything. Removing it ends what it learns."));

    /// `docs/attacks.md`.
    static String page() {
        StringBuilder page = new StringBuilder(
                """
                # Attacks

                What the published analyses of other encrypted clouds, of backup programs and of messengers did, and how this one stands. Made from the attacks themselves and from
                `coffer.attack.Catalogue` by `CatalogueTest`; not to be edited by hand (`-Dattacks=write` writes it).

                *Attacks* run against the whole system, by `coffer attack` and in the tests; after each the rig checks that nothing was lost, said or written outside, that work
                was bounded, that the alarm was given and stays, and that others went on. *Tests* try one part. Sharing, links and a hosted web client do not exist yet; their entries are open.

                """);
        for (Standing standing : Standing.values()) {
            page.append("- ").append(standing.words()).append(": ")
                    .append(items().stream().filter(item -> item.standing() == standing).count()).append('\n');
        }
        page.append("\n| | it tries | stands | attacks and tests |\n|---|---|---|---|\n");
        for (Item item : items()) {
            String why = item.why().isEmpty() ? "" : ": " + item.why();
            page.append("| ").append(item.name()).append(" | ").append(item.tries()).append(" | ").append(item.standing().words())
                    .append(why).append(" | ").append(String.join(", ", by(item))).append(" |\n");
        }
        return page.toString();
    }

    /// The attacks and tests that try an entry.
    static List<String> by(Item item) {
        List<String> attacks = Attack.all().stream()
                .filter(attack -> attack.entries().contains(item.name()))
                .map(attack -> "`" + attack.script().getDeclaringClass().getSimpleName() + "." + attack.name() + "`")
                .toList();
        List<String> tests = item.tests().stream().map(test -> "`" + test + "`").toList();
        return java.util.stream.Stream.concat(attacks.stream(), tests.stream()).toList();
    }
}
