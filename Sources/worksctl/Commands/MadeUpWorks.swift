import JSON
import Store
import Works

/// An endless sequence of realistic works.
///
/// Names and descriptions are mostly Chinese, mixed with Latin words. A few users own most of the works; most works are
/// live, and some have tasks. As in a store that has grown over time, each work is created after the previous one,
/// about one a minute.
struct MadeUpWorks {
    private var dice: Dice
    private var number = 0

    init(seed: UInt64) {
        dice = Dice(seed: seed)
    }

    mutating func writeNext(to json: inout JSONWriter) {
        let work = next()
        ArchivedWork.writeStart(of: work, to: &json)
        for index in 0..<dice.pick([0, 0, 0, 0, 0, 0, 0, 0, 1, 3]) {
            ArchivedWork.write(run(index, of: work), isFirst: index == 0, to: &json)
        }
        ArchivedWork.writeEnd(to: &json)
        number += 1
    }

    private mutating func next() -> Work {
        let created = Self.firstDay + (number * 60_000 + dice.below(60_000)) % Self.daysMilliseconds
        let updated = created + dice.below(30 * 86_400_000)
        let subject = dice.pick(Self.subjects)
        let (source, target) = (dice.pick(Self.systems), dice.pick(Self.systems))
        let user = dice.skewed(Self.userCount)
        let isStreaming = dice.isHeads
        let frequencies: [RunFrequency?] = [.once, .hourly, .daily, .daily, .weekly, nil]
        // The order of the dice throws determines which works a seed yields.
        let (id, lambdaID) = (identifier(), dice.isHeads ? dice.hex(32) : nil)
        var work = Work(
            id: id,
            userID: Self.userID(user),
            name: name(subject, isStreaming: isStreaming),
            description: description(subject, from: source, to: target),
            type: isStreaming ? .streaming : .batch,
            category: dice.isHeads ? .flinkSQL : .flinkJar,
            status: Status(dice.skewed(8)) ?? .initial,
            createdAt: Timestamp(milliseconds: created),
            updatedAt: Timestamp(milliseconds: updated)
        )
        work.lambdaID = lambdaID
        work.workDirectory = "/data/works/\(Self.userID(user))"
        work.mainClassName = dice.isHeads ? "com.example.\(source.lowercased()).\(dice.pick(Self.classes))" : nil
        work.extraParams = ExtraParams([
            "-Dparallelism=\(1 << dice.below(6))", "-Denv=\(dice.pick(["prod", "test", "dev"]))",
        ])
        work.javaVersion = dice.pick(["8", "11", "17"])
        work.runFrequency = isStreaming ? .once : dice.pick(frequencies)
        work.deletedAt = dice.below(50) == 0 ? Timestamp(milliseconds: updated) : nil
        work.version = 1 + dice.below(5)
        return work
    }

    private mutating func identifier() -> WorkID {
        // Never nil: 32 hexadecimal digits are a valid id.
        WorkID(dice.hex(32)) ?? .minted()
    }

    private mutating func name(_ subject: String, isStreaming: Bool) -> String {
        let region = dice.pick(Self.regions)
        let action = dice.pick(Self.actions)
        switch dice.below(4) {
        case 0: return "\(region)\(subject)\(action)\(isStreaming ? "实时" : "离线")作业"
        case 1: return "\(subject)\(action)-\(region)-v\(1 + dice.below(9))"
        case 2: return "\(isStreaming ? "实时" : "离线")_\(subject)_\(dice.pick(Self.layers))_\(dice.below(10_000))"
        default: return "\(dice.pick(Self.layers))_\(dice.pick(Self.tables))_\(action)\(dice.isHeads ? "任务" : "作业")"
        }
    }

    private mutating func description(_ subject: String, from source: String, to target: String) -> String {
        let table = "\(dice.pick(Self.layers))_\(dice.pick(Self.tables))"
        switch dice.below(5) {
        case 0: return "从 \(source) 读取\(subject)数据，\(dice.pick(Self.actions))后写入 \(target) 的 \(table) 表"
        case 1: return "\(dice.pick(Self.teams))负责：每日\(dice.pick(Self.actions))\(subject)，供\(dice.pick(Self.teams))使用"
        case 2: return "\(subject)\(dice.pick(Self.actions))，数据源 \(source)，目标 \(target)，延迟不超过 \(1 + dice.below(60)) 分钟"
        case 3: return "\(table) -> \(target)，工单 \(dice.hex(8))"
        default: return ""
        }
    }

    private mutating func run(_ index: Int, of work: Work) -> Run {
        let started = work.createdAt.milliseconds + (index + 1) * 3_600_000
        return Run(
            id: RunID(dice.hex(32)) ?? .minted(),
            workID: work.id,
            status: Status(dice.below(8)) ?? .initial,
            startedAt: Timestamp(milliseconds: started),
            endedAt: dice.isHeads ? Timestamp(milliseconds: started + dice.below(7_200_000)) : nil,
            version: 1
        )
    }

    private static func userID(_ number: Int) -> String {
        var dice = Dice(seed: UInt64(number) &+ 7)
        return dice.hex(32)
    }

    private static let userCount = 20_000
    /// 2022-01-01, in milliseconds since 1970.
    ///
    /// The works fill the three years from this day; after that, their times start over.
    private static let firstDay = 1_640_995_200_000
    private static let daysMilliseconds = 3 * 365 * 86_400_000

    private static let regions = [
        "华东", "华南", "华北", "西南", "西北", "东北", "上海", "北京", "深圳", "广州", "杭州", "成都", "武汉", "南京", "海外", "欧洲", "东南亚",
    ]
    private static let subjects = [
        "订单", "支付流水", "用户画像", "库存", "物流轨迹", "点击日志", "曝光日志", "商品价格", "优惠券", "退款", "会员等级", "门店客流", "设备心跳", "传感器数据",
        "风控事件",
        "广告投放", "推荐特征", "搜索词", "客服会话", "发票", "供应商结算", "仓储作业", "配送时效", "直播弹幕", "评论情感", "账户余额", "交易对账", "反洗钱名单", "信用评分",
        "车辆轨迹", "电表读数", "网络流量", "告警", "埋点", "短信回执", "考勤", "合同", "招聘简历", "课程进度", "游戏战绩",
    ]
    private static let actions = [
        "同步", "清洗", "聚合", "去重", "宽表加工", "指标计算", "归档", "补数", "回流", "质量校验", "脱敏", "关联维表", "统计", "入湖", "导出", "监控", "对账",
        "采样",
    ]
    private static let teams = ["数据平台组", "风控团队", "增长团队", "供应链组", "财务中台", "广告算法组", "搜索推荐组", "运维团队", "商业分析组"]
    private static let layers = ["ods", "dwd", "dws", "ads", "dim", "tmp"]
    private static let systems = [
        "Kafka", "MySQL", "Hive", "ClickHouse", "HBase", "Redis", "Elasticsearch", "PostgreSQL", "Doris", "Iceberg",
        "Hudi", "Pulsar", "MongoDB", "TiDB", "S3",
    ]
    private static let tables = [
        "order_event", "user_profile", "pay_flow", "stock_change", "click_log", "device_heartbeat", "ad_impression",
        "refund_detail", "shipment_track", "price_history", "coupon_use", "risk_event", "member_level", "search_query",
    ]
    private static let classes = ["Main", "JobLauncher", "StreamJob", "BatchRunner", "SyncTask"]
}

/// A reproducible random number generator (SplitMix64).
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    var isHeads: Bool {
        mutating get { next() & 1 == 0 }
    }

    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    mutating func pick<Item>(_ items: [Item]) -> Item {
        items[below(items.count)]
    }

    /// A number below the bound, far more often a small one: half of them are in the first thirtieth.
    mutating func skewed(_ bound: Int) -> Int {
        let part = Double(next() >> 11) / Double(1 << 53)
        return min(bound - 1, Int(Double(bound) * part * part * part * part * part))
    }

    mutating func hex(_ count: Int) -> String {
        var text = ""
        while text.utf8.count < count {
            let digits = String(next(), radix: 16)
            text += String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return String(text.prefix(count))
    }
}
